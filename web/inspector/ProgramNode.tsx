/** The parts of the inspector for a node that runs a program of others. */
import type { NodeState } from '../../shared/model/lab-state.ts'
import { capital } from '../../shared/text/words.ts'
import { shown, shownLines } from '../model/shown.ts'
import styles from './Inspector.module.css'

/** Says what is wrong with the program. */
export function ProgramTrouble({ why }: { readonly why: string }) {
  return <p className={styles.warning}>{capital(shown(why))}</p>
}

function gateWords(gate: NodeState['gate']): string {
  if (gate === true)
    return 'Its datagrams pass a gate of the lab: delivered ones have arrived, and may not be read yet.'
  const reason = gate === undefined ? '' : ` Reason: ${gate}.`
  return `It cannot see the datagrams, so it cannot count, hold or lose them.${reason}`
}

/** Says which facts the lab infers, and shows the last lines of the program. */
export function ProgramFacts({ node }: { readonly node: NodeState }) {
  return (
    <>
      <p className={styles.quiet}>
        This node runs your own program. The lab infers its messages from its chat log. {gateWords(node.gate)}
      </p>
      {node.stderr.length > 0 && (
        <div>
          <h3>Last lines of its output</h3>
          <pre className={styles.wire}>{shownLines(node.stderr)}</pre>
        </div>
      )}
    </>
  )
}
