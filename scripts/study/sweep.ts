/** Runs a sweep: one line of CSV for each message of each run. Times are in ms; an empty time was not reached. */
import { type Epidemic, spreadInWorld } from '../../shared/sim/epidemic.ts'
import type { Run, Sweep } from './sweep-options.ts'

const PARAMETERS = ['topology', 'nodes', 'fanout', 'coin', 'loss', 'delay', 'crashes', 'seed'] as const
const FIGURES = ['half', 'most', 'all', 'rumors', 'datagrams', 'missing'] as const

/** Time that a message may take beyond twice the way along a line of all nodes, in ms. */
const PATIENCE_MS = 60_000

export const SWEEP_HEAD = [...PARAMETERS, 'message', ...FIGURES].join(',')

export function* sweepLines({ runs, messages }: Sweep): Generator<string> {
  yield SWEEP_HEAD
  for (const run of runs)
    for (const [message, epidemic] of spreadOf(run, messages).entries()) yield line(run, message, epidemic)
}

function spreadOf({ topology, nodes, fanout, coin, loss, delay, crashes, seed }: Run, messages: number): Epidemic[] {
  return spreadInWorld({
    topology,
    n: nodes,
    seed,
    messages,
    delayMs: delay,
    loss: loss / 100,
    settings: { fanout, coin },
    crashesPerPeriod: crashes,
    limitMs: 2 * nodes * delay + PATIENCE_MS,
  })
}

/** Six digits are more than chance leaves meaningful. */
function line(run: Run, message: number, epidemic: Epidemic): string {
  const figures = FIGURES.map((name) => epidemic[name]).map((value) =>
    value === null ? '' : Number(value.toPrecision(6)),
  )
  return [...PARAMETERS.map((name) => run[name]), message, ...figures].join(',')
}
