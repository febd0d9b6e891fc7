/** Two runs from the same state, one above the other in the same columns, with their first difference. */
import type { CSSProperties } from 'react'
import { cellsOf, waitingAt } from '../../shared/model/cells.ts'
import { paintOf } from '../../shared/model/colours.ts'
import type { LabEvent } from '../../shared/model/event.ts'
import { chanceIn } from '../../shared/model/first-difference.ts'
import type { LabState, MessageState } from '../../shared/model/lab-state.ts'
import { nodeName } from '../../shared/model/names.ts'
import { reachOf } from '../../shared/model/reach.ts'
import { formatInstant, formatMs, plural } from '../../shared/text/format.ts'
import { capital } from '../../shared/text/words.ts'
import {
  type ComparedMessage,
  compareMessages,
  differenceOf,
  figuresOf,
  growthOf,
  type Run,
} from '../model/compare-runs.ts'
import { eventWords } from '../model/event-words.ts'
import { shown } from '../model/shown.ts'
import { Dot, Hidden, hueOf } from '../ui/ui.tsx'
import { CellBox } from './Spread.tsx'
import styles from './TwoRuns.module.css'

interface Props {
  readonly above: Run
  readonly below: Run
  /** The instant at which both begin, and the one at which both end, in ms of the lab. */
  readonly from: number
  readonly until: number
  /** Width of the view, in px. */
  readonly width: number
}

/** Number of messages that are shown: those that differ come first. */
const MOST_MESSAGES = 8
/** Room for the text of a message, in px. */
const GUTTER = 128

export function TwoRuns({ above, below, from, until, width }: Props) {
  const compared = compareMessages(above.state, below.state)
  const messages = compared.toSorted((a, b) => Math.sign(b.differsAt.length) - Math.sign(a.differsAt.length))
  const shownMessages = messages.slice(0, MOST_MESSAGES)
  const difference = differenceOf(above, below)
  const at = Math.min(difference?.one?.at ?? until, difference?.other?.at ?? until)
  const n = Math.max(above.state.nodes.length, below.state.nodes.length)
  const pitch = Math.max(1, (width - GUTTER) / Math.max(1, n))
  const shared = { messages: shownMessages, order: compared, from, pitch, n }
  return (
    <div className={styles.runs}>
      <p className={styles.first} role="status">
        {difference ? (
          <>
            <strong>First difference at {formatInstant(at)}.</strong> {capital(above.name)}:{' '}
            {wordsOf(difference.one, above.state, at)}. {capital(below.name)}:{' '}
            {wordsOf(difference.other, below.state, at)}.
            <Chance words={chanceIn(difference)} />
          </>
        ) : (
          <strong>Both runs are the same.</strong>
        )}
      </p>
      <OneRun run={above} side="above" {...shared} />
      <Growths {...{ above, below, from, until, at: difference ? at : null }} />
      <OneRun run={below} side="below" {...shared} />
      {messages.length > MOST_MESSAGES && (
        <p className={styles.more}>and {plural(messages.length - MOST_MESSAGES, 'more message')}</p>
      )}
    </div>
  )
}

const Chance = ({ words }: { readonly words: string | null }) => (words === null ? null : <> It is chance: {words}.</>)

function wordsOf(event: LabEvent | null, state: LabState, at: number): string {
  if (!event) return 'nothing like it'
  const later = event.at > at + 1 ? `, ${formatMs(event.at - at)} later` : ''
  if (event.type === 'command') return `the command ${shown(event.line)}${later}`
  const who = 'node' in event ? `${nodeName(event.node)} ` : ''
  const words = eventWords(event, state)
  return `${who}${TYPES[event.type] ?? event.type}${words === '' ? '' : ` ${words}`}${later}`
}

const TYPES: Readonly<Partial<Record<LabEvent['type'], string>>> = {
  sent: 'sends',
  received: 'receives a datagram',
  stored: 'stores',
  coin: 'flips a coin:',
  compared: 'compares',
  ended: 'ends',
  lost: 'a datagram is lost',
}

interface OneRunProps {
  readonly run: Run
  readonly side: 'above' | 'below'
  readonly messages: readonly ComparedMessage[]
  /** All messages: their places decide their colours. */
  readonly order: readonly ComparedMessage[]
  readonly from: number
  readonly pitch: number
  readonly n: number
}

function OneRun({ run, side, messages, order, from, pitch, n }: OneRunProps) {
  const { state } = run
  const { datagrams, completeAfter } = figuresOf(run, from)
  const reach = reachOf(state)
  const columns = { '--columns': `${GUTTER}px repeat(${n}, minmax(0, 1fr))` } as CSSProperties
  return (
    <section className={styles.run} aria-label={capital(run.name)}>
      <div className={styles.title}>
        <h3>{capital(shown(run.name))}</h3>
        <p>
          {plural(datagrams, 'datagram')} ·{' '}
          {completeAfter === null
            ? 'some nodes lack messages at the end'
            : `all nodes have all after ${formatMs(completeAfter)}`}
        </p>
      </div>
      <table className={styles.table} style={columns}>
        <thead>
          <tr>
            <th scope="col">
              <Hidden>message</Hidden>
            </th>
            {state.nodes.map(({ id, status }) => (
              <th scope="col" key={id} data-status={status} title={`${nodeName(id)}: ${status}`}>
                {status === 'running' ? id : <s>{id}</s>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {messages.map((compared) => {
            const message = compared[side]
            const paint = paintOf(order.indexOf(compared))
            return (
              <tr key={compared.key} style={hueOf(paint)}>
                <th scope="row">
                  <Dot paint={paint} /> <span>{shown((compared.above ?? compared.below)?.text ?? '')}</span>
                </th>
                {message ? (
                  <Cells {...{ message, state, reach, pitch }} pattern={paint.pattern} differsAt={compared.differsAt} />
                ) : (
                  <td className={styles.none}>not sent in this run</td>
                )}
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}

interface CellsProps {
  readonly message: MessageState
  readonly state: LabState
  readonly reach: ReturnType<typeof reachOf>
  readonly pitch: number
  readonly pattern: string
  readonly differsAt: readonly number[]
}

const Cells = ({ message, state, reach, pitch, pattern, differsAt }: CellsProps) =>
  cellsOf(message, reach, waitingAt(message, state.nodes)).map((cell) => {
    const differs = differsAt.includes(cell.node)
    return (
      <td key={cell.node} data-differs={differs}>
        <CellBox cell={cell} pitch={pitch} pattern={pattern} later={false} />
        {differs && <Hidden>different</Hidden>}
      </td>
    )
  })

interface GrowthsProps extends Pick<Props, 'above' | 'below' | 'from' | 'until'> {
  /** The first difference, in ms of the lab. */
  readonly at: number | null
}

const CURVES = { width: 1_000, height: 64 }

/** The number of copies over time: both runs in one picture. */
function Growths({ above, below, from, until, at }: GrowthsProps) {
  const begin = copiesBefore(above.state, from)
  const curves = [above, below].map((run) => growthOf(run, from, begin))
  const most = Math.max(1, ...curves.flat().map(({ copies }) => copies))
  const x = (instant: number) => ((instant - from) / Math.max(1, until - from)) * CURVES.width
  const y = (copies: number) => CURVES.height - 2 - (copies / most) * (CURVES.height - 6)
  const path = (growth: (typeof curves)[number]) =>
    growth
      .map(({ at: when, copies }, place) => (place === 0 ? `M${x(when)},${y(copies)}` : `H${x(when)}V${y(copies)}`))
      .join('')
  return (
    <figure className={styles.growth}>
      <svg
        viewBox={`0 0 ${CURVES.width} ${CURVES.height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label="Copies over time in both runs"
      >
        {at !== null && <line className={styles.mark} x1={x(at)} x2={x(at)} y1={0} y2={CURVES.height} />}
        {curves.map((growth, place) => (
          <path
            key={place === 0 ? 'above' : 'below'}
            data-run={place === 0 ? 'above' : 'below'}
            d={`${path(growth)}H${CURVES.width}`}
          />
        ))}
      </svg>
      <figcaption>
        <span data-run="above">{shown(above.name)}</span>
        <span data-run="below">{shown(below.name)}</span>
        <span>
          copies from {formatInstant(from)} to {formatInstant(until)}
        </span>
      </figcaption>
    </figure>
  )
}

const copiesBefore = ({ messages }: LabState, from: number): number =>
  messages.flatMap(({ copies }) => Object.values(copies)).filter(({ at }) => at <= from).length
