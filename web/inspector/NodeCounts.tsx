/** Lists what a node has counted since its start. */

import type { NodeState } from '../../shared/model/lab-state.ts'
import { formatBytes, formatCount } from '../../shared/text/format.ts'
import { FactRow } from '../ui/ui.tsx'
import styles from './Inspector.module.css'

/** Said only where there are any. */
const LOSSES = [
  ['datagramsDropped', 'dropped', 'datagrams in all'],
  ['datagramsOverLimit', 'over limit', 'dropped: their sender sent more than its share'],
  ['datagramsUnkeyed', 'unkeyed', 'dropped: they carry no seal'],
  ['datagramsForged', 'forged', 'dropped: sealed with another key, or changed'],
  ['datagramsReplayed', 'replayed', 'dropped: their seal was used before'],
  ['datagramsRefused', 'refused', 'understood, and not taken'],
  ['answersWithheld', 'withheld', 'not sent: a stranger asked too much'],
  ['datagramsLostAtGate', 'lost at gate', 'of its own: cut, lost or dropped'],
  ['messagesOversized', 'too large', 'messages that this system cannot send on'],
] as const

export function NodeCounts({
  node,
  counters,
}: {
  readonly node: NodeState
  readonly counters: NonNullable<NodeState['counters']>
}) {
  const facts: readonly (readonly [string, string])[] = [
    [
      'rumors',
      `${formatCount(counters.rumorsSent)} sent, ${formatCount(counters.rumorsReceived)} received, ${formatCount(counters.rumorsRedundant)} of them redundant`,
    ],
    ['statuses', `${formatCount(counters.statusesSent)} sent, ${formatCount(counters.statusesReceived)} received`],
    ['bytes', `${formatBytes(counters.bytesSent)} sent, ${formatBytes(counters.bytesReceived)} received`],
    ...LOSSES.filter(([name]) => counters[name] > 0).map(
      ([name, term, words]) => [term, `${formatCount(counters[name])} ${words}`] as const,
    ),
    ['lines', `${formatCount(counters.linesRead)} read, ${formatCount(counters.linesRefused)} refused`],
    ...(node.seed === null ? [] : ([['seed', `${node.seed}`]] as const)),
  ]
  return (
    <div>
      <h3>Since its start</h3>
      <dl className={styles.facts}>
        {facts.map(([term, words]) => (
          <FactRow key={term} term={term} words={words} />
        ))}
      </dl>
    </div>
  )
}
