/** Tests the log beside bin/process, for a program that starts a node and discards its output. */
import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { EXIT } from '../platform/node-link.ts'
import { BUNDLE, environment, ROOT, start } from '../test-support/processes.ts'
import { folderOfTest, runtimeOfTest } from '../test-support/runtime.ts'
import { lineOf } from '../test-support/standalone.ts'

const TIME = '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d'

async function logOfTest() {
  const file = join(await folderOfTest(), 'process.log')
  return { file, read: () => (existsSync(file) ? readFileSync(file, 'utf8') : '') }
}

test('a node that cannot start logs its line on stderr', async () => {
  const log = await logOfTest()
  const line = await lineOf(1)
  await line.node(0)
  const env = environment(line.runtime, line.udp, { RUMORSCOPE_LOG: log.file })
  const { stderr } = await start(process.execPath, [BUNDLE, '0', '1', `${line.tcp}`], { env }).ended
  const why = stderr.replace('process: ', '').trimEnd()
  expect(why).toContain(`UDP port ${line.udp} is in use`)
  expect(log.read().slice(0, 19)).toMatch(new RegExp(`^${TIME}$`))
  expect(log.read().slice(20)).toBe(`process 0 1 ${line.tcp}: ${why}\n`)
})

test('a node that is ready in time logs nothing, and a late one logs how late it was', async () => {
  const log = await logOfTest()
  const line = await lineOf(1, { RUMORSCOPE_LOG: log.file })
  const slow = join(await folderOfTest(), 'slow.cjs')
  // Time since the start of a process, as after a wait for a core.
  await writeFile(slow, 'const { uptime } = process; process.uptime = () => uptime() + 2')
  const env = environment(line.runtime, line.udp, { RUMORSCOPE_LOG: log.file })
  const node = start(process.execPath, ['--require', slow, BUNDLE, '0', '1', `${line.tcp}`], { env })
  await node.firstLine
  expect(log.read()).toMatch(
    new RegExp(`^${TIME} process 0 1 ${line.tcp}: ready after [\\d.]+ s, but proxy.py waits only 1 s .*\\n$`),
  )
})

test('a Node version that package.json excludes is refused in one sentence', async () => {
  const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  expect(engines.node).toBe('^20.19.0 || ^22.12.0 || >=24.0.0')
  const run = async (version: string, alsoOtherwise = '') => {
    const other = join(await folderOfTest(), 'version.cjs')
    const pretend = `Object.defineProperty(process.versions, 'node', { value: '${version}' })`
    await writeFile(other, `${pretend}\n${alsoOtherwise}`)
    const env = { ...process.env, RUMORSCOPE_RUNTIME: await runtimeOfTest() }
    return start(process.execPath, ['--require', other, BUNDLE, 'no', 'arguments'], { env }).ended
  }
  // Node 18 lacks this function, and a part of a node calls it while it loads.
  const older = run('18.20.0', 'delete String.prototype.isWellFormed')
  for (const refused of [older, run('20.18.9'), run('21.7.3'), run('22.11.0'), run('23.11.0')])
    expect(await refused).toMatchObject({
      code: EXIT.failed,
      stderr: expect.stringMatching(/^process: Rumorscope needs Node 20\.19, 22\.12, 24 or later; this is Node \S+\n$/),
    })
  for (const taken of ['20.19.0', '22.12.0', '24.0.0', '25.1.0'])
    expect(await run(taken)).toMatchObject({ code: EXIT.usage })
})
