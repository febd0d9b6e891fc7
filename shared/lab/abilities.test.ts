import { expect, onTestFinished, test } from 'vitest'
import { DEFAULTS } from '../gossip/settings.ts'
import { virtualLabPlatform } from '../sim/virtual-lab-platform.ts'
import { NO_SOCKETS, VirtualMachine } from '../sim/virtual-machine.ts'
import { Executor } from './executor.ts'
import { Lab } from './lab.ts'
import { sampleHost } from './sample-host.ts'

/** A lab whose nodes can only gossip. */
async function plainLab() {
  const machine = new VirtualMachine(NO_SOCKETS)
  const settings = {
    n: 2,
    topology: 'line',
    linkDelayMs: 0,
    seed: 1,
    basePort: 20_000,
    rootId: 40_000,
    gossip: DEFAULTS,
  } as const
  const platform = virtualLabPlatform(machine, 1, (error) => expect.unreachable(`${error}`))
  const lab = new Lab({ settings, host: sampleHost(machine.now), platform })
  onTestFinished(() => lab.close())
  await machine.advanceUntil(lab.startNetwork({}))
  const executor = new Executor(lab)
  return { lab, machine, run: (line: string) => machine.advanceUntil(executor.execute(line, 'rest')) }
}

test('a lab runs nodes that can only gossip', async () => {
  const { run, machine, lab } = await plainLab()
  await run('0 msg 1 hello')
  await machine.advanceAsync(1_000)
  expect(await run('1 get chatLog')).toEqual({ ok: true, output: ['hello'] })
  expect(lab.sequencer.state.nodes.map(({ messages }) => messages)).toEqual([1, 1])
})

test.each([
  ['link 0 1 cut', 'node 0 does not support cut'],
  ['link 0 1 delay 10 jitter 5', 'node 0 does not support delay'],
  ['hold on', 'node 0 does not support hold'],
  ['node 1 hoard on', 'node 1 does not support hoard'],
  ['hold timers on', 'node 0 does not support held timers'],
  ['key on', 'node 0 does not support a key'],
  ['set fanout=1', 'node 0 does not support the settings of the protocol'],
])('%s is refused if nodes do not support it, and changes nothing', async (line, error) => {
  const { run, lab, machine } = await plainLab()
  await machine.advanceAsync(100)
  const before = lab.sequencer.last
  expect(await run(line)).toMatchObject({ ok: false, error })
  await machine.advanceAsync(100)
  const types = lab.sequencer.read(before + 1, 100).map(({ type }) => type)
  expect(types).toEqual(['command'])
  expect(await run('heal')).toMatchObject({ ok: true })
})
