/** One node: what it is, what can be done to it, what it holds and what it knows of its neighbours. */
import { type FormEvent, useState } from 'react'
import { canonically } from '../../shared/gossip/log.ts'
import type { NodeState } from '../../shared/lab-state.ts'
import { Acts } from '../classroom/Acts.tsx'
import { paintOfMessage } from '../colours.ts'
import { usePage, usePageState } from '../page.ts'
import { formatBytes, formatLong, plural } from './format.ts'
import { HeldList } from './HeldList.tsx'
import styles from './Inspector.module.css'
import { chatLogLine, crashLine, messageLine, restartLine } from './lines.ts'
import { Misbehaviour } from './Misbehaviour.tsx'
import { StatusVectors } from './StatusVectors.tsx'
import { Button, Dot, Field, hueOf, Pill } from './ui.tsx'
import { useLabTime } from './use-lab-time.ts'

export function NodePanel({ id }: { readonly id: number }) {
  const node = usePageState(({ lab }) => lab.nodes[id])
  if (!node) return null
  const runs = node.status === 'running' || node.status === 'starting'
  const ended = !runs && node.status !== 'absent'
  return (
    <section className={styles.part} aria-label={`Node ${id}`}>
      <h2>
        Node {id}{' '}
        <Pill tone={(ended && node.status !== 'stopped') || !node.answers ? 'warning' : undefined}>
          {statusWords(node)}
        </Pill>
        {node.behaviours.length > 0 && <Pill tone="warning">{node.behaviours.join(', ')}</Pill>}
      </h2>
      <Meta node={node} />
      {!node.answers && <Silence pid={node.pid} />}
      <Acts>
        <Actions node={node} />
      </Acts>
      {ended && <Ending node={node} />}
      <NodeInbox port={node.port} />
      <Acts>{!ended && <Misbehaviour node={node} />}</Acts>
      {runs && <StatusVectors node={node} />}
      {runs && <ChatLog node={node} />}
      {node.counters && <Counts node={node} counters={node.counters} />}
    </section>
  )
}

/** What waits for it at the gates of its neighbours. */
function NodeInbox({ port }: { readonly port: number }) {
  const held = usePageState(({ lab }) => lab.held)
  const mine = Object.values(held).filter(({ to }) => to === port)
  if (mine.length === 0) return null
  return (
    <div>
      <h3>Held for it: {plural(mine.length, 'datagram')}</h3>
      <HeldList datagrams={mine} />
    </div>
  )
}

const statusWords = ({ status, answers }: NodeState) =>
  !answers ? 'does not answer' : status === 'absent' ? 'not started' : status

function Meta({ node }: { readonly node: NodeState }) {
  const now = useLabTime(1_000)
  const { pid, startedAt, endedAt, counters, generation, tcp, port } = node
  const facts = [
    pid === null ? null : `pid ${pid}`,
    startedAt === null ? null : `${endedAt === null ? 'up' : 'was up'} ${formatLong((endedAt ?? now) - startedAt)}`,
    counters && endedAt === null ? formatBytes(counters.memoryBytes) : null,
    `generation ${generation}`,
  ]
  const ports = [...tcp.map((number) => `TCP :${number}`), `UDP :${port}`]
  return (
    <p className={styles.meta}>
      {facts.filter((fact) => fact !== null).join(' · ')}
      <br />
      {ports.join(' · ')}
    </p>
  )
}

function Actions({ node }: { readonly node: NodeState }) {
  const { act, store } = usePage()
  const settings = usePageState(({ lab }) => lab.settings)
  const live = usePageState(({ connection }) => connection.phase === 'live')
  const [text, setText] = useState('')
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const runs = node.status === 'running'

  async function run(line: string) {
    setBusy(true)
    const reply = await act(line)
    setBusy(false)
    setError(reply.ok ? null : reply.error)
    return reply.ok
  }
  async function send(event: FormEvent) {
    event.preventDefault()
    const typed = text
    if (typed.trim() === '') return
    setText('')
    const sent = await run(messageLine(node, typed, store.getState().lab))
    if (!sent) setText((since) => since || typed)
  }

  return (
    <>
      {runs && (
        <form className={styles.form} onSubmit={send}>
          <Field
            aria-label="Message text"
            placeholder={`say something to ${node.id}`}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
          <Button type="submit" kind="primary" disabled={!live}>
            Message
          </Button>
        </form>
      )}
      <div className={styles.buttons}>
        {runs && (
          <>
            <Button
              disabled={!live || busy}
              onClick={() => {
                store.setState({ drawer: true })
                void run(chatLogLine(node))
              }}
            >
              Chat log
            </Button>
            <Button kind="warning" disabled={!live || busy} onClick={() => void run(crashLine(node))}>
              Crash
            </Button>
          </>
        )}
        {!runs && node.status !== 'starting' && settings && (
          <Button kind="primary" disabled={!live || busy} onClick={() => void run(restartLine(node, settings))}>
            {node.status === 'absent' ? 'Start' : 'Restart'}
          </Button>
        )}
      </div>
      {error !== null && (
        <p className={styles.warning} role="alert">
          {error}
        </p>
      )}
    </>
  )
}

function Silence({ pid }: { readonly pid: number | null }) {
  return (
    <p className={styles.warning}>
      Its process runs and gives no sign of life: somebody stopped it from outside, or it has too much to do. It goes on
      by itself, or with <kbd>kill -CONT {pid}</kbd>; Crash ends it.
    </p>
  )
}

function Ending({ node: { end, lost, stderr } }: { readonly node: NodeState }) {
  return (
    <div>
      <h3>How it ended</h3>
      <p>
        {endWords(end)}; {plural(lost, 'copy', 'copies')} lost with its memory.
      </p>
      {stderr.length > 0 && <pre className={styles.wire}>{stderr.join('\n')}</pre>}
    </div>
  )
}

function endWords(end: NodeState['end']): string {
  switch (end?.how) {
    case 'crashed':
      return 'By the command crash, without a goodbye'
    case 'stopped':
      return 'Ended by the lab'
    case 'killed':
      return `Killed from outside by ${end.signal}`
    case 'failed':
      return `It failed: ${end.why}`
    case undefined:
      return 'Nobody knows how'
  }
}

const MAX_CHIPS = 200

function ChatLog({ node: { id } }: { readonly node: NodeState }) {
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

/** Said only where there are any. */
const LOSSES = [
  ['datagramsDropped', 'dropped', 'datagrams in all'],
  ['datagramsOverLimit', 'over limit', 'dropped: their sender sent more than its share'],
  ['datagramsUnkeyed', 'unkeyed', 'dropped: they carry no seal'],
  ['datagramsForged', 'forged', 'dropped: sealed with another key, or changed'],
  ['datagramsReplayed', 'replayed', 'dropped: their seal was used before'],
  ['datagramsRefused', 'refused', 'understood, and not taken'],
  ['answersWithheld', 'withheld', 'not sent: a stranger asked too much'],
  ['datagramsLostAtGate', 'lost at gate', 'of its own: cut, lost or dropped'],
] as const

function Counts({
  node,
  counters,
}: {
  readonly node: NodeState
  readonly counters: NonNullable<NodeState['counters']>
}) {
  const facts: readonly (readonly [string, string])[] = [
    [
      'rumors',
      `${counters.rumorsSent} sent, ${counters.rumorsReceived} received, ${counters.rumorsRedundant} of them redundant`,
    ],
    ['statuses', `${counters.statusesSent} sent, ${counters.statusesReceived} received`],
    ['bytes', `${formatBytes(counters.bytesSent)} sent, ${formatBytes(counters.bytesReceived)} received`],
    ...LOSSES.filter(([name]) => counters[name] > 0).map(
      ([name, term, words]) => [term, `${counters[name]} ${words}`] as const,
    ),
    ['lines', `${counters.linesRead} read, ${counters.linesRefused} refused`],
    ...(node.seed === null ? [] : ([['seed', `${node.seed}`]] as const)),
  ]
  return (
    <div>
      <h3>Since its start</h3>
      <dl className={styles.facts}>
        {facts.map(([term, words]) => (
          <FactRow key={term} term={term} words={words} />
        ))}
      </dl>
    </div>
  )
}

export function FactRow({ term, words }: { readonly term: string; readonly words: string }) {
  return (
    <>
      <dt>{term}</dt>
      <dd>{words}</dd>
    </>
  )
}
