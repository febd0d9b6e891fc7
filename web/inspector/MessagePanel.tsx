/** One message: its text, its origin, and its path. */

import { formatOrigin, type Origin } from '../../shared/gossip/origin.ts'
import { cannotBeSent } from '../../shared/gossip/too-large.ts'
import { waitingAt } from '../../shared/model/cells.ts'
import { paintOfMessage } from '../../shared/model/colours.ts'
import type { Copy, LabState } from '../../shared/model/lab-state.ts'
import { messageName, nodeNames, portName, UNKNOWN_PORT } from '../../shared/model/names.ts'
import { datagramsOf, trafficWords } from '../../shared/model/traffic.ts'
import { formatCount, formatInstant, formatMs, plural } from '../../shared/text/format.ts'
import { isInferred, timeToAll, whyUntold } from '../model/measures.ts'
import { shown } from '../model/shown.ts'
import { chooseNode } from '../ui/message-field.ts'
import { usePage, usePageState } from '../ui/page.ts'
import { Dot, FactRow } from '../ui/ui.tsx'
import styles from './Inspector.module.css'

export function MessagePanel({ origin, seq }: { readonly origin: Origin; readonly seq: number }) {
  const { store } = usePage()
  const lab = usePageState((state) => state.lab)
  const message = lab.messages[lab.places[origin]?.[seq] ?? -1]
  if (!message) return null
  const toAll = timeToAll(message, lab.nodes)
  const way = Object.entries(message.copies)
    .map(([id, copy]) => ({ id: Number(id), copy }))
    .sort((a, b) => a.copy.at - b.copy.at)
  return (
    <section className={styles.part} aria-label={`Message ${shown(clip(message.text))}`}>
      <h2>
        <Dot paint={paintOfMessage(lab, origin, seq)} /> {shown(clip(message.text))}
      </h2>
      {message.text.length > LONG_TEXT && (
        <details>
          <summary>Show all {formatCount(message.text.length)} characters</summary>
          <p className={styles.whole}>{shown(message.text)}</p>
        </details>
      )}
      <dl className={styles.facts}>
        <FactRow term="name" words={`${messageName(message, lab)}: number ${seq} of origin ${formatOrigin(origin)}`} />
        <FactRow term="first seen" words={formatInstant(message.at)} />
        <FactRow
          term="datagrams"
          words={
            message.traffic
              ? `${formatCount(datagramsOf(message.traffic))}: ${trafficWords(message.traffic)}`
              : `unknown: ${whyUntold(lab)}`
          }
        />
        <FactRow
          term="time to all"
          words={
            toAll === null
              ? 'not on all nodes yet'
              : `${formatMs(toAll)}${isInferred({ messages: [message] }) ? ', inferred' : ''}`
          }
        />
        {lab.nodes.map(({ id, oversized: { [message.key]: oversized } }) =>
          oversized ? <FactRow key={id} term={`from node ${id}`} words={cannotBeSent(oversized)} /> : null,
        )}
        {lab.nodes.map(({ id, keptBack: { [message.key]: kept } }) =>
          kept ? (
            <FactRow
              key={id}
              term={`at node ${id}`}
              words={`received from ${portName(kept.from, lab)} after ${formatMs(kept.at - message.at)}, waiting for an earlier message from the same node`}
            />
          ) : null,
        )}
      </dl>
      <div>
        <h3>Path</h3>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">node</th>
              <th scope="col">from</th>
              <th scope="col">after</th>
              <th scope="col">links</th>
            </tr>
          </thead>
          <tbody>
            {way.map(({ id, copy }) => (
              <tr key={id}>
                <th scope="row">
                  <button type="button" className={styles.link} onClick={() => chooseNode(store, id)}>
                    node {id}
                  </button>
                </th>
                <td>{sourceWords(copy, lab)}</td>
                <td>{copy.from === null ? '–' : `+${formatMs(copy.at - message.at)}`}</td>
                <td>{copy.lostAt === null ? (copy.hops ?? '?') : <mark>lost</mark>}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p className={styles.quiet}>{holders(way, waitingAt(message, lab.nodes), lab)}</p>
      </div>
    </section>
  )
}

function sourceWords({ from, inferred, ambiguous }: Copy, lab: LabState): string {
  const source = from === null ? 'a command' : from === UNKNOWN_PORT ? 'not known' : portName(from, lab)
  const marks = [...(inferred ? ['inferred from its chat log'] : []), ...(ambiguous ? ['ambiguous text'] : [])]
  return [source, ...marks].join(', ')
}

/** Maximum number of characters of a text in a heading. */
const LONG_TEXT = 200
const clip = (text: string) => (text.length > LONG_TEXT ? `${text.slice(0, LONG_TEXT)}…` : text)

function holders(way: readonly { readonly copy: Copy }[], waiting: readonly number[], { nodes }: LabState): string {
  const held = way.filter(({ copy }) => copy.lostAt === null).length
  if (way.length === 0) return 'A program was given this message, and no chat log shows it: it may be lost.'
  if (held + waiting.length === 0) return 'Every node that had it has ended, so no copy is left.'
  const early = waiting.length === 0 ? '' : ` Received, waiting for an earlier message: ${nodeNames(waiting)}.`
  return `${held} of ${plural(nodes.length, 'node')} have it.${early}`
}
