/** The built supervisor as a process: how it starts, how it ends, and that it leaves nothing behind. */

import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { startLab, type TestLab } from '../e2e/support/lab.ts'
import { freePorts } from '../e2e/support/ports.ts'
import { EXIT } from './node-link.ts'
import { BIN, environment, isAlive, ROOT, start } from './test-support/processes.ts'
import { runtimeOfTest } from './test-support/runtime.ts'

const MAIN = join(ROOT, 'dist/server/main.js')
/** What DESIGN promises for a supervisor that is killed. */
const ORPHANS_GONE_WITHIN_MS = 2_000

async function lab(nodes: number): Promise<TestLab & { pids: number[] }> {
  const started = await startLab({ nodes })
  onTestFinished(() => started.stop())
  const { nodes: all } = await started.waitFor((state) => state.nodes.every(({ status }) => status === 'running'))
  return { ...started, pids: all.map(({ pid }) => pid ?? 0) }
}

describe('a supervisor', () => {
  test('that is killed leaves no node, and what waited for its nodes ends', async () => {
    const { child, pids, runtime, basePort, rootId, waitFor } = await lab(3)
    const wrapper = start(BIN, ['0', '3', `${basePort + 5}`], { env: environment(runtime, rootId) })
    await waitFor(({ nodes }) => nodes[0]?.tcp.includes(basePort + 5) === true)
    child.kill('SIGKILL')
    await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), { timeout: ORPHANS_GONE_WITHIN_MS, interval: 20 })
    expect((await wrapper.ended).code).toBe(EXIT.orphaned)
  })

  test('that is killed while a node is stopped leaves that one until it goes on, or until stopall', async () => {
    const { child, pids, runtime } = await lab(2)
    const [first = 0, second = 0] = pids
    onTestFinished(() => {
      if (isAlive(first)) process.kill(first, 'SIGKILL')
    })
    process.kill(first, 'SIGSTOP')
    child.kill('SIGKILL')
    await vi.waitFor(() => expect(isAlive(second)).toBe(false), { timeout: ORPHANS_GONE_WITHIN_MS, interval: 20 })
    expect(isAlive(first)).toBe(true)
    const { stdout } = await start(join(ROOT, 'bin/stopall'), [], { env: environment(runtime, 1) }).ended
    expect(stdout).toBe('stopall: ended 1 node\n')
    await vi.waitFor(() => expect(isAlive(first)).toBe(false))
  })

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('ends its nodes and itself on %s', async (signal) => {
    const { child, pids } = await lab(2)
    const ended = once(child, 'exit')
    child.kill(signal)
    expect(await ended).toEqual([0, null])
    expect(pids.filter(isAlive)).toEqual([])
  })

  test('says in a line which option is wrong and exits with 2', async () => {
    const { code, stdout, stderr } = await start(process.execPath, [MAIN, '--nodes', 'many']).ended
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^--nodes is a whole number from 1 to 64, not 'many'\n$/)
  })

  test('prints its options when asked', async () => {
    const { code, stdout } = await start(process.execPath, [MAIN, '--help']).ended
    expect(code).toBe(0)
    expect(stdout).toContain('--link-delay')
  })

  test('does not start on a web port in use: it is named, with another one', async () => {
    const { tcp } = await freePorts(1)
    const taken = createServer().listen(tcp, '127.0.0.1')
    onTestFinished(() => void taken.close())
    await once(taken, 'listening')
    const env = environment(await runtimeOfTest(), 40_000)
    const { code, stderr } = await start(process.execPath, [MAIN, '--port', `${tcp}`], { env }).ended
    expect(code).toBe(1)
    expect(stderr).toBe(
      `port ${tcp} is in use, perhaps by another lab. Choose another: npm start -- --port ${tcp + 1}\n`,
    )
  })

  test('does not start on node ports in use: they are named, with the way out', async () => {
    const [ports, { tcp: page }] = await Promise.all([freePorts(4), freePorts(1)])
    const taken = createServer().listen(ports.tcp + 2, '127.0.0.1')
    onTestFinished(() => void taken.close())
    await once(taken, 'listening')
    const env = environment(await runtimeOfTest(), 40_000)
    const options = ['--port', `${page}`, '--base-port', `${ports.tcp}`, '--root-id', `${ports.udp}`]
    const { code, stdout, stderr } = await start(process.execPath, [MAIN, ...options], { env }).ended
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(new RegExp(`^ports in use: TCP ${ports.tcp + 2}\\. .*--base-port \\d+ --root-id \\d+\\n$`))
  })

  test('says in a line that its runtime directory cannot be made', async () => {
    const { tcp } = await freePorts(1)
    const env = environment('/dev/null/rumorscope', 40_000)
    const { code, stderr } = await start(process.execPath, [MAIN, '--port', `${tcp}`], { env }).ended
    expect(code).toBe(1)
    expect(stderr).toMatch(/^.*\/dev\/null\/rumorscope.*\n$/)
  })

  test('whose output nobody reads lives on', async () => {
    const { child, url: address } = await lab(1)
    child.stdout?.destroy()
    child.stderr?.destroy()
    expect((await fetch(`${address}/api/health`)).status).toBe(200)
  })
})
