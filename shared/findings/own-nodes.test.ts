/** Tests that findings accuse no node that follows the protocol: Rumorscope's own, on the simulated host. */
import { expect, onTestFinished, test } from 'vitest'
import { HANDOUT } from '../gossip/settings.ts'
import { Executor } from '../lab/executor.ts'
import type { LabEvent } from '../model/event.ts'
import { EMPTY_LAB } from '../model/lab-state.ts'
import { simulatedLab } from '../sim/simulated-lab.ts'
import { findingsIn } from './findings.ts'

const files = import.meta.glob<string>('../sim/golden/*.txt', { query: '?raw', import: 'default', eager: true })
/** Time for which each story goes on after its last line, in ms. */
const AFTER_MS = 60_000

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^(cut|heal) (\d+) > (\d+)$/, 'link $2>$3 $1'],
  [/^(cut|heal) (\d+) (\d+)$/, 'link $2 $3 $1'],
  [/^lose (\d+) > (\d+) .*$/, 'link $1>$2 loss 50'],
  [/^kill (\d+)$/, '$1 crash'],
  [/^hoard (\d+)$/, 'node $1 hoard on'],
  [/^share (\d+)$/, 'node $1 hoard off'],
]

/** Returns a line of a golden story in the command language. */
const commandOf = (deed: string): string => WORDS.reduce((line, [from, to]) => line.replace(from, to), deed)

/** Plays commands at their times, in ms, and returns all events. */
async function play(network: string, timed: readonly (readonly [at: number, line: string])[], linkDelayMs = 10) {
  const faults: unknown[] = []
  const { lab, machine } = simulatedLab({
    settings: {
      ...{ n: 2, topology: 'line', linkDelayMs, seed: 1, basePort: 20_000, rootId: 40_000 },
      gossip: { ...HANDOUT, batchMs: 0 },
    },
    seed: 1,
    onFault: (error) => faults.push(error),
  })
  onTestFinished(async () => {
    await lab.close()
    expect(faults).toEqual([])
  })
  const executor = new Executor(lab)
  let now = 0
  const until = async (at: number) => {
    await machine.advanceAsync(Math.max(0, at - now))
    now = Math.max(now, at)
  }
  for (const [at, line] of [[0, network] as const, ...timed]) {
    await until(at)
    expect(await machine.advanceUntil(executor.execute(line, 'rest')), line).toMatchObject({ ok: true })
  }
  await until(now + AFTER_MS)
  return lab.sequencer.read(lab.sequencer.oldest, Number.MAX_SAFE_INTEGER)
}

const wordsOf = (events: readonly LabEvent[]) =>
  findingsIn(EMPTY_LAB, events, events.at(-1)?.at ?? 0).map(({ words }) => words)

test.each(Object.entries(files))(
  '%s, played by simulated nodes and continued for a minute, has no findings',
  async (_, file) => {
    const [script = ''] = file.split('-'.repeat(40))
    const lines = script.split('\n').map((line) => line.replace(/#.*/, '').trim())
    const network = lines.find((line) => line.startsWith('network ')) ?? ''
    const timed = lines.flatMap((line): [number, string][] => {
      const [, time, deed = ''] = /^(\d+)\s+(.+)$/.exec(line) ?? []
      return time === undefined || /^(start all|end|tell|forget)/.test(deed) ? [] : [[Number(time), commandOf(deed)]]
    })
    const events = await play(network, timed)
    expect(events.some(({ type }) => type === 'received')).toBe(true)
    expect(wordsOf(events)).toEqual([])
  },
)

const MANY = Array.from({ length: 40 }, (_, place) => [100 + 50 * place, `${place % 5} msg 1 text${place}`] as const)

test.each<[string, string, readonly (readonly [number, string])[]]>([
  [
    'losses, duplicates and overtaking',
    'network 5 line',
    [...[0, 1, 2, 3].map((id) => [50, `link ${id} ${id + 1} loss 20 duplicate 30 reorder 30`] as const), ...MANY],
  ],
  [
    'crashes and restarts',
    'network 5 ring',
    [...MANY, [2_500, '1 crash'], [2_600, '1 start 5 20001'], [9_000, '3 crash']],
  ],
  ['a link that is cut and healed', 'network 5 line', [[50, 'link 1 2 cut'], ...MANY, [40_000, 'heal']]],
  ['a long delay', 'network 5 line', [[50, 'delay 2000'], ...MANY]],
  [
    'held timers and datagrams',
    'network 5 line',
    [[50, 'hold timers on'], [60, 'hold on'], ...MANY, [50_000, 'hold off']],
  ],
  ['few statuses', 'network 5 line antiEntropyMs=60000', MANY],
  ['many coins', 'network 5 mesh coin=0.9 antiEntropyMs=1000', MANY],
])('%s bring no findings', async (_, network, timed) => {
  expect(wordsOf(await play(network, timed))).toEqual([])
})

test.each([
  ['hoard', 'Node 1 has “hello”, and 30 s later node 2 beside it still lacks it.'],
  ['replay', 'Node 1 sent “hello” to node 0 10 times'],
])('a node with the fault %s is found', async (fault, words) => {
  const events = await play('network 3 line', [
    [50, `node 1 ${fault} on`],
    [100, '0 msg 1 hello'],
  ])
  expect(wordsOf(events)).toContainEqual(expect.stringContaining(words))
})
