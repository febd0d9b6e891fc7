/** Lists the counters of a node since its start. */

import { COUNTER_LIST, type Counters } from '../../shared/model/counters.ts'
import type { NodeState } from '../../shared/model/lab-state.ts'
import { formatBytes, formatCount } from '../../shared/text/format.ts'
import { FactRow } from '../ui/ui.tsx'
import styles from './Inspector.module.css'

export function NodeCounts({ node, counters }: { readonly node: NodeState; readonly counters: Counters }) {
  return (
    <div>
      <h3>Since its start</h3>
      <dl className={styles.facts}>
        {[...rowsOf(counters)].map(([term, parts]) => (
          <FactRow key={term} term={term} words={parts.join(', ')} />
        ))}
        {node.seed !== null && <FactRow term="seed" words={`${node.seed}`} />}
      </dl>
    </div>
  )
}

/** Returns the parts of each row, by its term. */
function rowsOf(counters: Counters): Map<string, string[]> {
  const rows = new Map<string, string[]>()
  for (const [name, { row, words, unit, isTrouble }] of COUNTER_LIST) {
    const count = counters[name]
    if (row === null || (isTrouble && count === 0)) continue
    const text = `${unit === 'bytes' ? formatBytes(count) : formatCount(count)} ${words}`
    rows.set(row, [...(rows.get(row) ?? []), text])
  }
  return rows
}
