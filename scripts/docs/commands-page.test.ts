import { expect, test } from 'vitest'
import { commandsPage } from './commands-page.ts'

test('docs/commands.md equals the generated table of commands', async () => {
  await expect(commandsPage()).toMatchFileSnapshot('../../docs/commands.md')
})
