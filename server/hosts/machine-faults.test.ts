/** Tests faults of the machine: processes killed, stopped and starved from outside. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { Executor } from '../../shared/lab/executor.ts'
import type { LabState, NodeState } from '../../shared/model/lab-state.ts'
import { allHold, networkOf } from '../test-support/network.ts'

const node =
  (id: number, fits: (node: NodeState) => boolean) =>
  ({ nodes }: LabState): boolean =>
    nodes[id] !== undefined && fits(nodes[id])

/** Stops node 1 of three just after these lines; returns once their effects have been reported. */
async function justStopped(lines: readonly string[] = [], reported: (state: LabState) => boolean = () => true) {
  const { lab, run, when } = await networkOf(3)
  await run(...lines)
  await when(reported)
  const pid = (await when(node(1, ({ status }) => status === 'running'))).nodes[1]?.pid
  if (!pid) throw new Error('node 1 has no process')
  process.kill(pid, 'SIGSTOP')
  onTestFinished(() => {
    try {
      process.kill(pid, 'SIGCONT')
    } catch {
      // Node 1 has ended.
    }
  })
  const refused = async (line: string) => {
    const outcome = await new Executor(lab).execute(line, 'rest')
    return outcome.ok ? 'done' : outcome.error
  }
  return { lab, pid, run, when, refused }
}

/** The same, once the lab has noticed. */
async function stoppedNode(...args: Parameters<typeof justStopped>) {
  const stopped = await justStopped(...args)
  await stopped.when(node(1, ({ answers }) => !answers))
  return stopped
}

test('a stopped node is reported as not responding; commands to it are refused with a reason, and it continues', async () => {
  const { pid, run, when, refused } = await stoppedNode()
  expect(await refused('1 msg 1 nobody')).toMatch(
    /^node 1: it does not respond: its process was suspended from outside/,
  )
  expect(await refused('1 get chatLog')).toMatch(/does not respond/)
  await run('0 msg 1 meanwhile')
  process.kill(pid, 'SIGCONT')
  await when(node(1, ({ answers }) => answers))
  // A refused action is not carried out later.
  const { messages } = await when(allHold(1))
  expect(messages.map(({ text }) => text)).toEqual(['meanwhile'])
})

test('a change of configuration reaches a stopped node when it continues, the others at once, and the caller learns that', async () => {
  const { pid, when, run } = await stoppedNode()
  const told = ['node 1 does not respond; the command takes effect there when it responds again']
  for (const line of ['link 0 1 cut', 'node 1 hoard on', 'key on', 'hold timers on', 'heal', 'hold timers off'])
    expect(await run(line), line).toEqual(told)
  process.kill(pid, 'SIGCONT')
  await when(node(1, ({ answers, behaviours }) => answers && behaviours.length === 0))
  await run('0 msg 1 through')
  await when(allHold(1))
})

test('a command to a node that was stopped a moment ago is refused and not carried out later, and a change of its configuration takes effect', async () => {
  const { pid, when, run, refused } = await justStopped()
  const [line, told] = await Promise.all([refused('1 msg 1 nobody'), run('node 1 hoard on')])
  expect(line).toBe('node 1: the node did not respond within 5 s; its process may be suspended')
  expect(told).toEqual(['node 1 does not respond; the command takes effect there when it responds again'])
  process.kill(pid, 'SIGCONT')
  await when(node(1, ({ answers }) => answers))
  await run('0 msg 1 meanwhile')
  const { messages } = await when(({ nodes }) => nodes[1]?.messages === 1)
  expect(messages.map(({ text }) => text)).toEqual(['meanwhile'])
})

test('held datagrams of a stopped node stay held, the others are delivered, and the output reports both', async () => {
  const heldBy = ({ held, settings }: LabState, id: number) =>
    Object.values(held).filter(({ from }) => from === (settings?.rootId ?? 0) + id).length
  const lines = ['hold timers on', 'hold on', '1 msg 1 here', '2 msg 1 there']
  const bothHold = (state: LabState) => heldBy(state, 1) > 0 && heldBy(state, 2) > 0
  const { lab, run, when, refused } = await stoppedNode(lines, bothHold)
  await lab.sequencer.flushed()
  const before = lab.sequencer.state
  const told = await run('deliver all')
  expect(told.slice(0, -1).join()).not.toMatch(/: node 1 to /)
  expect(told.at(-1)).toMatch(/^#\d.*: node 1: it does not respond/)
  const after = await when((state) => heldBy(state, 2) === 0)
  expect(heldBy(after, 1)).toBe(heldBy(before, 1))
  expect(await refused('deliver all')).toMatch(/^#\d.*: node 1: it does not respond/)
})

test('a stopped node can be crashed and restarted', async () => {
  const { run, when } = await stoppedNode()
  await run('1 crash')
  expect((await when(node(1, ({ status }) => status === 'crashed'))).nodes[1]?.answers).toBe(true)
})

test('a node whose port a stranger took does not start, and starts when the port is free again', async () => {
  const { lab, run, when } = await networkOf(3)
  await run('1 crash')
  const { basePort } = lab.settings
  const stranger = createServer().listen(basePort + 1, '127.0.0.1')
  onTestFinished(() => void stranger.close())
  await once(stranger, 'listening')
  const start = `1 start 3 ${basePort + 1}`
  expect(await new Executor(lab).execute(start, 'rest')).toMatchObject({
    ok: false,
    error: expect.stringContaining(`TCP port ${basePort + 1} is in use`),
  })
  await lab.sequencer.flushed()
  expect(lab.sequencer.state.nodes[1]).toMatchObject({ status: 'crashed', generation: 0 })
  await run('0 msg 1 meanwhile')
  stranger.close()
  await once(stranger, 'close')
  await run(start)
  await when(allHold(1))
})
