/** Switches for the faults of a node. */
import { BEHAVIOUR_IN_WORDS, BEHAVIOURS, type Behaviour } from '../../shared/model/fault.ts'
import type { NodeState } from '../../shared/model/lab-state.ts'
import { behaviourLine } from '../model/lines.ts'
import { whyNot } from '../model/why-not.ts'
import { usePageState } from '../ui/page.ts'
import { Refusal } from '../ui/Refusal.tsx'
import { useLine } from '../ui/use-line.ts'
import styles from './Inspector.module.css'

export function Misbehaviour({ node }: { readonly node: NodeState }) {
  const { send, error } = useLine()
  const live = usePageState(({ connection }) => connection.phase === 'live')
  const nodes = usePageState(({ lab }) => lab.nodes)
  const why = (behaviour: Behaviour) =>
    node.behaviours.includes(behaviour) ? undefined : whyNot({ nodes }, [node.id], behaviour)
  return (
    <details className={styles.details} open={node.behaviours.length > 0}>
      <summary>Misbehaviour</summary>
      {BEHAVIOURS.map((behaviour) => (
        <label key={behaviour} className={styles.check} title={why(behaviour)}>
          <input
            type="checkbox"
            disabled={!live || why(behaviour) !== undefined}
            checked={node.behaviours.includes(behaviour)}
            onChange={({ target }) => void send(behaviourLine(node, behaviour, target.checked))}
          />
          <span>
            <strong>{behaviour}</strong>: {BEHAVIOUR_IN_WORDS[behaviour]}
          </span>
        </label>
      ))}
      <Refusal error={error} />
    </details>
  )
}
