/**
 * Golden scenarios: each file in golden/ is a script, a line of dashes, and its expected trace. Any difference fails.
 * After an intended change of the protocol, write the new traces with
 *
 *     npx vitest run --project unit shared/sim/golden -u
 *
 * and read the difference before you commit it.
 */
import { expect, test } from 'vitest'
import { runScript } from './script.ts'

const files = import.meta.glob<string>('./golden/*.txt', { query: '?raw', import: 'default', eager: true })
const DASHES = '-'.repeat(40)

test.each(Object.entries(files))('%s happens as written', async (path, file) => {
  const [script = ''] = file.split(DASHES)
  const trace = runScript(script)
  expect(trace.length).toBeGreaterThan(0)
  await expect(`${script}${DASHES}\n${trace.join('\n')}\n`).toMatchFileSnapshot(path)
})
