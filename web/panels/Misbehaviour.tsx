/** Switches for what a node may be made to do against the others. */
import { useState } from 'react'
import { BEHAVIOUR_IN_WORDS, BEHAVIOURS } from '../../shared/fault.ts'
import type { NodeState } from '../../shared/lab-state.ts'
import { usePage, usePageState } from '../page.ts'
import styles from './Inspector.module.css'
import { behaviourLine } from './lines.ts'

export function Misbehaviour({ node }: { readonly node: NodeState }) {
  const { act } = usePage()
  const live = usePageState(({ connection }) => connection.phase === 'live')
  const [error, setError] = useState<string | null>(null)
  async function turn(line: string) {
    const reply = await act(line)
    setError(reply.ok ? null : reply.error)
  }
  return (
    <details className={styles.details} open={node.behaviours.length > 0}>
      <summary>Misbehaviour</summary>
      {BEHAVIOURS.map((behaviour) => (
        <label key={behaviour} className={styles.check}>
          <input
            type="checkbox"
            disabled={!live}
            checked={node.behaviours.includes(behaviour)}
            onChange={({ target }) => void turn(behaviourLine(node, behaviour, target.checked))}
          />
          <span>
            <strong>{behaviour}</strong>: {BEHAVIOUR_IN_WORDS[behaviour]}
          </span>
        </label>
      ))}
      {error !== null && (
        <p className={styles.warning} role="alert">
          {error}
        </p>
      )}
    </details>
  )
}
