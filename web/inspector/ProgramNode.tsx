/** The parts of the inspector for a node that runs a program of others. */
import type { NodeState } from '../../shared/model/lab-state.ts'
import { capital } from '../../shared/text/words.ts'
import { signalLine } from '../model/lines.ts'
import { shown, shownLines } from '../model/shown.ts'
import { useMayAct, usePageState } from '../ui/page.ts'
import { Refusal } from '../ui/Refusal.tsx'
import { Remedy } from '../ui/Remedy.tsx'
import { Button } from '../ui/ui.tsx'
import { useLine } from '../ui/use-line.ts'
import styles from './Inspector.module.css'

/** Says what is wrong with the program. */
export function ProgramTrouble({ why }: { readonly why: string }) {
  return <p className={styles.warning}>{capital(shown(why))}</p>
}

/** Suspends its process, lets it go on, or kills it: as a person does with kill in a terminal. */
export function Signals({ node }: { readonly node: NodeState }) {
  const live = usePageState(({ connection }) => connection.phase === 'live')
  const { send, error } = useLine()
  const isSuspended = node.suspended === 'signal'
  const other = isSuspended ? 'CONT' : 'STOP'
  return (
    <>
      <div className={styles.buttons}>
        <Button disabled={!live} title={`SIG${other}`} onClick={() => void send(signalLine(node, other))}>
          {isSuspended ? 'Continue' : 'Suspend'}
        </Button>
        <Button
          kind="warning"
          disabled={!live}
          title="SIGKILL: the process ends at once, without a crash command"
          onClick={() => void send(signalLine(node, 'KILL'))}
        >
          Kill
        </Button>
      </div>
      <Refusal error={error} />
    </>
  )
}

function gateWords(gate: NodeState['gate']): string {
  if (gate === true) return 'It sees every datagram at a gate, and when it is delivered, but not whether it is read.'
  const reason = gate === undefined ? '' : ` Reason: ${gate}.`
  return `It cannot see the datagrams, so it cannot count, hold or lose them.${reason}`
}

/** Says which facts the lab infers, and shows the last lines of the program. */
export function ProgramFacts({ node }: { readonly node: NodeState }) {
  const whose = useMayAct() ? 'your own program' : 'the presenter’s own program'
  return (
    <>
      <p className={styles.quiet}>
        This node runs {whose}. The lab infers its messages from its chat log. {shown(gateWords(node.gate))}
      </p>
      <Remedy remedy={node.lacks?.remedy} />
      {node.stderr.length > 0 && (
        <div>
          <h3>Last lines of its output</h3>
          <pre className={styles.wire}>{shownLines(node.stderr)}</pre>
        </div>
      )}
    </>
  )
}
