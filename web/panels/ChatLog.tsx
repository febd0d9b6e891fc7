/** What a node holds, in the order in which it prints it. */
import { canonically } from '../../shared/gossip/log.ts'
import type { NodeState } from '../../shared/lab-state.ts'
import { paintOfMessage } from '../colours.ts'
import { usePage, usePageState } from '../page.ts'
import styles from './Inspector.module.css'
import { Dot, hueOf } from './ui.tsx'

const MAX_CHIPS = 200

export function ChatLog({ node: { id } }: { readonly node: NodeState }) {
  const { store } = usePage()
  const messages = usePageState(({ lab }) => lab.messages)
  const held = messages.filter(({ copies }) => copies[id]?.lostAt === null).sort(canonically)
  return (
    <div>
      <h3>Chat log</h3>
      {held.length === 0 && <p className={styles.quiet}>empty</p>}
      <ul className={styles.chips}>
        {held.slice(-MAX_CHIPS).map((message) => {
          const paint = paintOfMessage(store.getState().lab, message.origin, message.seq)
          return (
            <li key={message.key}>
              <button
                type="button"
                className={styles.chip}
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
      {held.length > MAX_CHIPS && <p className={styles.quiet}>and {held.length - MAX_CHIPS} before these</p>}
    </div>
  )
}
