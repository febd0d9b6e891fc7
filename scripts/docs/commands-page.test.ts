import { expect, test } from 'vitest'
import { commandsPage } from './commands-page.ts'

test('docs/commands.md is the table of commands as it is now', async () => {
  await expect(commandsPage()).toMatchFileSnapshot('../../docs/commands.md')
})
