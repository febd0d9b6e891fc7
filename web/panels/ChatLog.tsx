/** What a node holds, in the order in which it prints it; or what was lost with one that has ended. */
import { canonically } from '../../shared/gossip/log.ts'
import type { NodeState } from '../../shared/lab-state.ts'
import { paintOfMessage } from '../colours.ts'
import { usePage, usePageState } from '../page.ts'
import styles from './Inspector.module.css'
import { Dot, hueOf } from './ui.tsx'

const MAX_CHIPS = 200

interface Props {
  readonly node: NodeState
  readonly lost?: boolean
}

export function ChatLog({ node: { id }, lost = false }: Props) {
  const { store } = usePage()
  const messages = usePageState(({ lab }) => lab.messages)
  const its = messages.filter(({ copies }) => copies[id] && (copies[id].lostAt !== null) === lost).sort(canonically)
  const title = lost ? 'Lost with it' : 'Chat log'
  return (
    <div>
      <h3>{title}</h3>
      {its.length === 0 && <p className={styles.quiet}>{lost ? 'nothing' : 'empty'}</p>}
      <ul className={styles.chips} aria-label={title}>
        {its.slice(-MAX_CHIPS).map((message) => {
          const paint = paintOfMessage(store.getState().lab, message.origin, message.seq)
          return (
            <li key={message.key}>
              <button
                type="button"
                className={styles.chip}
                data-lost={lost}
                style={hueOf(paint)}
                onClick={() => store.select({ kind: 'message', origin: message.origin, seq: message.seq })}
              >
                <Dot paint={paint} />
                <span>{message.text}</span>
              </button>
            </li>
          )
        })}
      </ul>
      {its.length > MAX_CHIPS && <p className={styles.quiet}>and {its.length - MAX_CHIPS} before these</p>}
    </div>
  )
}
