/** One node: its state, its actions, its messages and its knowledge of its neighbours. */

import type { NodeState } from '../../shared/model/lab-state.ts'
import { runs } from '../../shared/model/reach.ts'
import { formatBytes, formatElapsed, plural } from '../../shared/text/format.ts'
import { shown, shownLines } from '../model/shown.ts'
import { Acts } from '../ui/Acts.tsx'
import { useIsSimulated, usePage, usePageState } from '../ui/page.ts'
import { Pill } from '../ui/ui.tsx'
import { useLabTime } from '../ui/use-lab-time.ts'
import { ChatLog } from './ChatLog.tsx'
import { HeldList } from './HeldList.tsx'
import styles from './Inspector.module.css'
import { Misbehaviour } from './Misbehaviour.tsx'
import { NodeActions } from './NodeActions.tsx'
import { NodeCounts } from './NodeCounts.tsx'
import { ProgramFacts, ProgramTrouble, Signals } from './ProgramNode.tsx'
import { StatusVectors } from './StatusVectors.tsx'

export function NodePanel({ id }: { readonly id: number }) {
  const node = usePageState(({ lab }) => lab.nodes[id])
  if (!node) return null
  const isUp = runs(node)
  const ended = !isUp && node.status !== 'absent'
  return (
    <section className={styles.part} aria-label={`Node ${id}`}>
      <h2>
        Node {id}{' '}
        <Pill tone={(ended && node.status !== 'stopped') || !node.answers || node.ending ? 'warning' : undefined}>
          {statusWords(node)}
        </Pill>
        {node.outdated && <Pill>older build</Pill>}
        {node.overloaded && <Pill tone="warning">machine too busy</Pill>}
        {node.generation > 0 && <Pill>generation {node.generation}</Pill>}
        {node.stranger && <Pill tone="warning">port taken</Pill>}
        {node.behaviours.length > 0 && <Pill tone="warning">{node.behaviours.join(', ')}</Pill>}
      </h2>
      {node.trouble !== undefined && <ProgramTrouble why={node.trouble} />}
      {!node.answers && node.trouble === undefined && <Silence pid={node.pid} />}
      {node.stranger && <Stranger port={node.port} />}
      {node.ending && (
        <p className={styles.warning}>
          The node got a crash command over TCP. It ignores further lines, finishes passing on what is in flight, and
          ends. <em>Crash</em> ends it at once.
        </p>
      )}
      <Acts>
        <NodeActions node={node} />
        {node.status === 'running' && node.program && <Signals node={node} />}
      </Acts>
      {ended && <Ending node={node} />}
      {ended && node.lost > 0 && <ChatLog node={node} which="lost" />}
      <NodeInbox port={node.port} />
      {isUp && <ChatLog node={node} />}
      {isUp && <ChatLog node={node} which="waiting" />}
      {isUp && node.program && <ProgramFacts node={node} />}
      {isUp && !node.program && <StatusVectors node={node} />}
      <Acts>{!ended && !node.program && <Misbehaviour node={node} />}</Acts>
      <Details node={node} />
    </section>
  )
}

/** Datagrams for this node, held at the gates of its neighbours. */
function NodeInbox({ port }: { readonly port: number }) {
  const held = usePageState(({ lab }) => lab.held)
  const mine = Object.values(held).filter(({ to }) => to === port)
  if (mine.length === 0) return null
  return (
    <div>
      <h3>Held for this node: {plural(mine.length, 'datagram')}</h3>
      <HeldList datagrams={mine} />
    </div>
  )
}

function statusWords({ status, answers, ending, suspended }: NodeState): string {
  if (suspended) return suspended === 'debugger' ? 'suspended by a debugger' : 'suspended'
  if (!answers) return 'not responding'
  if (ending) return 'ending'
  return status === 'absent' ? 'not started' : status
}

/** Facts about the process. They are folded away because a class watches the messages, and stay open once opened. */
function Details({ node }: { readonly node: NodeState }) {
  const { store } = usePage()
  const open = usePageState((state) => state.nodeDetails)
  const isSimulated = useIsSimulated()
  return (
    <details
      className={styles.details}
      open={open}
      onToggle={({ currentTarget }) => store.setState({ nodeDetails: currentTarget.open })}
    >
      <summary>{isSimulated ? 'Counters' : node.program ? 'Process' : 'Process and counters'}</summary>
      {open && (
        <div className={styles.part}>
          <Meta node={node} />
          {node.counters && <NodeCounts node={node} counters={node.counters} />}
        </div>
      )}
    </details>
  )
}

function Meta({ node }: { readonly node: NodeState }) {
  const now = useLabTime(1_000)
  const { pid, host, startedAt, endedAt, counters, generation, tcp, port } = node
  const facts = [
    pid === null ? null : `pid ${pid}`,
    host === undefined ? null : `on ${host}`,
    startedAt === null ? null : `${endedAt === null ? 'up' : 'was up'} ${formatElapsed((endedAt ?? now) - startedAt)}`,
    counters && endedAt === null && counters.memoryBytes > 0 ? formatBytes(counters.memoryBytes) : null,
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

function Silence({ pid }: { readonly pid: number | null }) {
  return (
    <p className={styles.warning}>
      The process runs but does not respond: somebody suspended it, or it is overloaded. It may recover by itself
      {pid !== null && (
        <>
          , or after <kbd>kill -CONT {pid}</kbd>
        </>
      )}
      . <em>Crash</em> ends it.
    </p>
  )
}

function Stranger({ port }: { readonly port: number }) {
  return (
    <p className={styles.warning}>
      A program that is not part of this lab uses UDP port {port}. It gets the datagrams sent to this node, and this lab
      cannot see what it does with them. End that program before you restart the node.
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
      {stderr.length > 0 && <pre className={styles.wire}>{shownLines(stderr)}</pre>}
    </div>
  )
}

const lastWordsOf = ({ lastWords }: { readonly lastWords?: string }) =>
  lastWords === undefined ? '' : `: ${shown(lastWords)}`

function endWords(end: NodeState['end']): string {
  switch (end?.how) {
    case 'crashed':
      return `Ended by the command crash${end.why === undefined ? '' : `: ${end.why}`}${lastWordsOf(end)}`
    case 'stopped':
      return 'Stopped by the lab'
    case 'killed':
      return `Killed by the signal ${end.signal}`
    case 'failed':
      return `Failed: ${shown(end.why)}${lastWordsOf(end)}`
    case undefined:
      return 'Cause unknown'
  }
}
