import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { EXIT } from '../platform/node-link.ts'
import { ensureRuntimeDirectory, ownFolder } from '../platform/runtime/directory.ts'
import { connectToSupervisor, type HandoffReply, handoffSocket, readJsonLines } from '../platform/runtime/handoff.ts'
import { labOf, nextEvent, stateWhere } from '../test-support/lab.ts'
import { connectTo } from '../test-support/peers.ts'
import { freePorts } from '../test-support/ports.ts'
import { BIN, BUNDLE, environment, isAlive, start } from '../test-support/processes.ts'
import { folderOfTest, runtimeOfTest } from '../test-support/runtime.ts'
import { openHandoff } from './handoff-server.ts'

/** A lab that bin/process can find; `run` starts one. */
async function openLab(n: number, bundle?: string) {
  const { lab, settings, runtime } = await labOf(n, {}, bundle)
  // The nodes' options are set before the first of them starts.
  lab.sequencer.append({ type: 'network', settings })
  const handoff = await openHandoff(lab, runtime)
  onTestFinished(() => void handoff?.close())
  const run = (id: number, port = settings.basePort + id, env: NodeJS.ProcessEnv = {}) =>
    start(BIN, [`${id}`, `${n}`, `${port}`], { env: environment(runtime, settings.rootId, env) })
  const running = (id: number, tcp: number) =>
    stateWhere(lab, ({ nodes }) => nodes[id]?.status === 'running' && nodes[id].tcp.includes(tcp))
  return { lab, settings, runtime, handoff, run, running }
}

/** A node that starts only when the test allows it. */
async function hesitatingNode() {
  const directory = await runtimeOfTest()
  const bundle = join(directory, 'process.cjs')
  const sign = join(directory, 'go')
  const wait = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)'
  const lines = [
    `while (!require('node:fs').existsSync(${JSON.stringify(sign)})) ${wait}`,
    `require(${JSON.stringify(BUNDLE)})`,
  ]
  writeFileSync(bundle, lines.join('\n'))
  return { bundle, go: () => writeFileSync(sign, '') }
}

const connectionsOf = (server: Server | undefined) =>
  new Promise((resolve) => server?.getConnections((_, count) => resolve(count)))

describe('bin/process under a lab', () => {
  test('has the lab run the node, and ends when the node ends', async () => {
    const { lab, settings, run, running } = await openLab(2)
    const wrapper = run(0)
    const { nodes } = await running(0, settings.basePort)
    expect(nodes[0]?.pid).not.toBe(wrapper.pid)
    expect(await nextEvent(lab, 'command')).toMatchObject({ by: 'proxy', line: `0 start 2 ${settings.basePort}` })
    const client = await connectTo(settings.basePort)
    client.send('crash\n')
    expect(await wrapper.ended).toMatchObject({ code: EXIT.crashed, stderr: '' })
  })

  test('ends its node when it is killed', async () => {
    const { lab, settings, run, running } = await openLab(1)
    const wrapper = run(0)
    await running(0, settings.basePort)
    wrapper.child.kill('SIGKILL')
    expect((await nextEvent(lab, 'ended')).end).toEqual({ how: 'stopped' })
  })

  test('ends its node also when it is killed while the node starts', async () => {
    const { bundle, go } = await hesitatingNode()
    const { lab, handoff, run } = await openLab(1, bundle)
    const wrapper = run(0)
    const { pid } = await nextEvent(lab, 'starting')
    wrapper.child.kill('SIGKILL')
    await expect.poll(() => connectionsOf(handoff)).toBe(0)
    go()
    expect((await nextEvent(lab, 'ended')).end).toEqual({ how: 'stopped' })
    expect(isAlive(pid)).toBe(false)
  })

  test('for a running node opens one more port of it for as long as bin/process lives', async () => {
    const { lab, settings, run, running } = await openLab(1)
    await lab.start(0, settings.basePort)
    const wrapper = run(0, settings.basePort + 1)
    await running(0, settings.basePort + 1)
    const client = await connectTo(settings.basePort + 1)
    client.send('msg 1 hello\n')
    expect(await client.chatLog()).toBe('hello')
    wrapper.child.kill('SIGTERM')
    await stateWhere(lab, ({ nodes }) => nodes[0]?.tcp.length === 1)
    await expect(connectTo(settings.basePort + 1)).rejects.toThrow('ECONNREFUSED')
    expect(await (await connectTo(settings.basePort)).chatLog()).toBe('hello')
  })

  test('for a running node on that very port changes nothing when it ends', async () => {
    const { lab, settings, run, running } = await openLab(1)
    const port = settings.basePort + 3
    await lab.start(0, port)
    await running(0, port)
    const wrapper = run(0, port)
    await nextEvent(lab, 'command')
    wrapper.child.kill('SIGKILL')
    await wrapper.ended
    // All effects of its end come before this in the node's queue.
    await lab.start(0, port)
    expect(await lab.chatLog(0)).toBe('chatLog <empty>')
    expect(await (await connectTo(port)).chatLog()).toBe('<empty>')
  })

  test('says in one line why the lab cannot run it', async () => {
    const { settings, run } = await openLab(1)
    const taken = createSocket('udp4').bind(settings.rootId, '127.0.0.1')
    onTestFinished(() => void taken.close())
    await once(taken, 'listening')
    const { code, stderr } = await run(0).ended
    expect(code).toBe(EXIT.failed)
    expect(stderr).toMatch(new RegExp(`^process: node 0 did not start: UDP port ${settings.rootId} is in use; .*\\n$`))
  })

  test('makes the page say why the lab cannot run it: its own output may be invisible', async () => {
    const { lab, settings, run } = await openLab(1)
    const taken = createSocket('udp4').bind(settings.rootId, '127.0.0.1')
    onTestFinished(() => void taken.close())
    await once(taken, 'listening')
    await run(0).ended
    expect(await nextEvent(lab, 'command')).toMatchObject({
      by: 'proxy',
      line: `0 start 1 ${settings.basePort}`,
      error: expect.stringMatching(/UDP port .* is in use/),
    })
  })

  test('makes the page say, too, which of its arguments or variables is invalid', async () => {
    const { lab, settings, run } = await openLab(1)
    const told = (line: string) => nextEvent(lab, 'command', (event) => event.line === line)
    await run(4).ended
    expect(await told(`4 start 1 ${settings.basePort + 4}`)).toMatchObject({
      by: 'proxy',
      error: expect.stringMatching(/^<id> must be a whole number from 0 to 0 where <n> is 1, not '4'$/),
    })
    expect(await run(0, 20_000, { RUMORSCOPE_SEED: 'x' }).ended).toMatchObject({ code: EXIT.usage })
    expect((await told('0 start 1 20000')).error).toMatch(/^RUMORSCOPE_SEED must be/)
  })

  test('of more nodes than the lab allows says so', async () => {
    const { settings, runtime } = await openLab(1)
    const args = ['70', '71', `${settings.basePort}`]
    const { code, stderr } = await start(BIN, args, { env: environment(runtime, settings.rootId) }).ended
    expect(code).toBe(EXIT.failed)
    expect(stderr).toMatch(/^process: .*64.*\n$/)
  })

  test('with another RUMORSCOPE_ROOT_ID does not concern the lab and runs alone', async () => {
    const { lab, run } = await openLab(1)
    const { tcp, udp } = await freePorts(1)
    const node = run(0, tcp, { RUMORSCOPE_ROOT_ID: `${udp}` })
    expect(await node.firstLine).toContain(`node 0 of 1: TCP ${tcp}, UDP ${udp}`)
    expect(await (await connectTo(tcp)).chatLog()).toBe('<empty>')
    await lab.sequencer.flushed()
    expect(lab.sequencer.state.nodes[0]?.status).toBe('absent')
  })
})

describe('the handoff for bin/process', () => {
  test('is found if the path of the runtime folder is too long for a socket', async () => {
    const { lab, settings } = await labOf(1)
    lab.sequencer.append({ type: 'network', settings })
    const runtime = ensureRuntimeDirectory(ownFolder(join(await folderOfTest(), 'x'.repeat(120))))
    const handoff = await openHandoff(lab, runtime)
    onTestFinished(() => void handoff?.close())
    const args = ['0', '1', `${settings.basePort}`]
    const wrapper = start(BIN, args, { env: environment(runtime, settings.rootId) })
    await nextEvent(lab, 'running')
    wrapper.child.kill('SIGTERM')
    expect((await nextEvent(lab, 'ended')).end).toEqual({ how: 'stopped' })
  })

  test('takes the report that a node is not ready, and the page says it', async () => {
    const { lab, runtime } = await openLab(1)
    const socket = await connectToSupervisor(runtime)
    const line = '0 start 4 20000'
    socket?.end(`${JSON.stringify({ type: 'not-ready', line, why: 'not ready: it is built first' })}\n`)
    expect(await nextEvent(lab, 'command')).toMatchObject({ by: 'proxy', line, error: 'not ready: it is built first' })
  })

  test('is opened by one lab only', async () => {
    const { lab, runtime } = await openLab(1)
    expect(await openHandoff(lab, runtime)).toBeUndefined()
  })

  test('is opened over the socket of a killed lab', async () => {
    const { lab, runtime } = await labOf(1)
    writeFileSync(handoffSocket(runtime), '')
    const handoff = await openHandoff(lab, runtime)
    expect(handoff).toBeDefined()
    handoff?.close()
    expect(existsSync(join(runtime, 'supervisor.sock'))).toBe(false)
  })

  test.each([
    { type: 'run', id: 0, n: 1, port: 0, rootId: null },
    { type: 'run', id: 0, n: 1, port: 20_000 },
    { type: 'run', id: '0; rm -rf /', n: 1, port: 20_000, rootId: null },
    { type: 'format' },
    null,
  ])('refuses %j', async (request) => {
    const { runtime } = await openLab(1)
    const socket = await connectToSupervisor(runtime)
    const reply = new Promise<HandoffReply>(
      (resolve) => socket && readJsonLines(socket, (message) => resolve(message as HandoffReply)),
    )
    socket?.write(`${JSON.stringify(request)}\n`)
    expect(await reply).toEqual({ type: 'refused', why: 'not a handoff' })
    socket?.destroy()
  })
})
