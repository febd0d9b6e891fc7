/** The messages of a node: those it has, in chat log order, or those lost or kept back. */

import { canonically } from '../../shared/gossip/canonical-order.ts'
import { paintOfMessage } from '../../shared/model/colours.ts'
import type { MessageState, NodeState } from '../../shared/model/lab-state.ts'
import { formatCount } from '../../shared/text/format.ts'
import { shown } from '../model/shown.ts'
import { usePage, usePageState } from '../ui/page.ts'
import { Dot, hueOf } from '../ui/ui.tsx'
import styles from './Inspector.module.css'

const MAX_CHIPS = 200

/**
 * The kind of list: messages that the node has, messages lost with its last life, or messages that wait for an earlier
 * one.
 */
type Which = 'held' | 'lost' | 'waiting'

const TITLES: Readonly<Record<Which, string>> = {
  held: 'Chat log',
  lost: 'Lost in the crash',
  waiting: 'Received, waiting for an earlier message',
}

interface Props {
  readonly node: NodeState
  readonly which?: Which
}

export function ChatLog({ node, which = 'held' }: Props) {
  const { store } = usePage()
  const messages = usePageState(({ lab }) => lab.messages)
  const its = messages.filter((message) => belongs(message, node, which)).sort(canonically)
  const title = TITLES[which]
  if (which === 'waiting' && its.length === 0) return null
  return (
    <div>
      <h3>{title}</h3>
      {its.length === 0 && <p className={styles.quiet}>{which === 'lost' ? 'nothing' : 'empty'}</p>}
      <ul className={styles.chips} aria-label={title}>
        {its.slice(-MAX_CHIPS).map((message) => {
          const paint = paintOfMessage(store.getState().lab, message.origin, message.seq)
          return (
            <li key={message.key}>
              <button
                type="button"
                className={styles.chip}
                data-which={which}
                style={hueOf(paint)}
                onClick={() => store.select({ kind: 'message', origin: message.origin, seq: message.seq })}
              >
                <Dot paint={paint} />
                <span>{shown(message.text)}</span>
              </button>
            </li>
          )
        })}
      </ul>
      {its.length > MAX_CHIPS && <p className={styles.quiet}>and {formatCount(its.length - MAX_CHIPS)} earlier</p>}
    </div>
  )
}

function belongs({ key, copies }: MessageState, { id, keptBack }: NodeState, which: Which): boolean {
  if (which === 'waiting') return keptBack[key] !== undefined
  const { [id]: copy } = copies
  return copy !== undefined && (copy.lostAt !== null) === (which === 'lost')
}
