/** Forks the lab at the instant on screen, and shows both futures. */
import { useEffect, useId, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { type ForkPoint, whyNoFork } from '../../shared/sim/fork.ts'
import { formatInstant, plural } from '../../shared/text/format.ts'
import type { Run } from '../model/compare-runs.ts'
import { shown } from '../model/shown.ts'
import { createPast } from '../model/time/past.ts'
import { makingTrouble } from '../model/trouble.ts'
import { TwoRuns } from '../spread/TwoRuns.tsx'
import { saveRecording } from '../store/files/recording-file.ts'
import { Modal, type OpenProps } from '../ui/Modal.tsx'
import { type Page, usePage } from '../ui/page.ts'
import { Button, Field } from '../ui/ui.tsx'
import { useSize } from '../ui/use-size.ts'
import styles from './ForkDialog.module.css'
import { addFork, type Fork, forkStore, renameFork, treeOf } from './forks.ts'
import { type Change, commandsAfter, lastCrash, linesOf, nameOf, pointAt, RUNS_ON_MS } from './plan-fork.ts'
import { runFork } from './run-fork.ts'

const LEAD =
  'A simulation goes on from this instant, with the same messages, generations, datagrams in the air and held, faults and settings. Measured round trips, timers of retries, and chance begin anew.'
/** Length of the past before the instant in which a crash can be undone, in ms. */
const FETCHED_MS = 600_000
/** Number of later commands that can be left out. */
const MOST_COMMANDS = 12

interface Props extends OpenProps {
  /** Whether the instant is the present: what has come since is not known of the future. */
  readonly isPresent: boolean
}

export default function ForkDialog({ isPresent, ...props }: Props) {
  const page = usePage()
  // The instant stays the same while the live lab goes on behind the dialog.
  const [at] = useState(() => page.player.at)
  return (
    <Modal {...props} wide title={`Fork at ${formatInstant(at)}`} lead={LEAD}>
      <Content at={at} isPresent={isPresent} close={() => props.onOpenChange(false)} />
    </Modal>
  )
}

interface ContentProps {
  readonly at: number
  readonly isPresent: boolean
  readonly close: () => void
}

function Content({ at, isPresent, close }: ContentProps) {
  const { chosen } = useStore(forkStore)
  const content = useRef<HTMLDivElement>(null)
  const { width } = useSize(content)
  const isFetched = useFetched(at)
  return (
    <div ref={content} className={styles.content}>
      {isFetched ? <ForkForm at={at} isPresent={isPresent} /> : <p role="status">Loading what happened before …</p>}
      <Tree close={close} />
      {chosen && <TwoRuns {...runsOf(chosen)} from={chosen.at} until={chosen.until} width={width} />}
    </div>
  )
}

/** A page that joined late fetches what happened shortly before the instant. Returns whether it is there. */
function useFetched(at: number): boolean {
  const { fetchPast } = usePage()
  const [isFetched, setFetched] = useState(false)
  useEffect(() => {
    void fetchPast(Math.max(0, at - FETCHED_MS)).finally(() => setFetched(true))
  }, [fetchPast, at])
  return isFetched
}

const runsOf = ({ name, run, other }: Fork): { above: Run; below: Run } => ({
  above: other,
  below: { name, state: run.state, events: run.events },
})

interface Option {
  readonly id: string
  readonly words: string
  readonly change: Change | null
  /** Another instant than the one on screen. */
  readonly at?: number
}

function ForkForm({ at, isPresent }: Pick<ContentProps, 'at' | 'isPresent'>) {
  const page = usePage()
  const { history } = page.store.past
  const options = useMemo(() => optionsAt(page, at), [page, at])
  const field = useId()
  const [id, setId] = useState('command')
  const [line, setLine] = useState('')
  const [said, setSaid] = useState('')
  const [busy, setBusy] = useState(false)
  const whyNot = whyNoFork(history.stateAt(history.numberAt(at)))
  const option = options.find((one) => one.id === id)
  const change = option?.change ?? (line.trim() === '' ? null : { kind: 'command' as const, line: line.trim() })
  async function fork() {
    if (!change) return setSaid('Type a command, such as 1 crash.')
    setBusy(true)
    setSaid('Running …')
    const isPast = option?.at !== undefined || !isPresent
    const words = await makeFork(page, option?.at ?? at, change, isPast).catch(
      (error: unknown) => makingTrouble(error).words,
    )
    setSaid(words)
    setBusy(false)
  }
  if (whyNot !== undefined) return <p>There is no fork here: {whyNot}.</p>
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        void fork()
      }}
    >
      <label>
        Change one thing
        <select value={id} onChange={({ target }) => setId(target.value)}>
          {options.map((one) => (
            <option key={one.id} value={one.id}>
              {one.words}
            </option>
          ))}
        </select>
      </label>
      {id === 'command' && (
        <label htmlFor={field}>
          Command
          <Field id={field} value={line} placeholder="1 crash" onChange={({ target }) => setLine(target.value)} />
        </label>
      )}
      <Button type="submit" kind="primary" disabled={busy}>
        Fork here
      </Button>
      <p role="status">{shown(said)}</p>
    </form>
  )
}

function optionsAt({ store }: Page, at: number): Option[] {
  const { history } = store.past
  const crash = lastCrash(history, at)
  const later = commandsAfter(history, at).slice(0, MOST_COMMANDS)
  return [
    { id: 'command', words: 'Give a command now', change: null },
    { id: 'chance', words: 'Nothing: another chance', change: { kind: 'chance' } },
    ...(crash
      ? [
          {
            id: 'undo',
            words: `Undo ${crash.command.line}: fork just before it`,
            change: { kind: 'without' as const, command: crash.command },
            at: crash.before,
          },
        ]
      : []),
    ...later.map((command) => ({
      id: `${command.n}`,
      words: `Leave out ${shown(command.line)} at ${formatInstant(command.at)}`,
      change: { kind: 'without' as const, command },
    })),
  ]
}

const newSeed = () => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 1) >>> 1

/** Runs a fork and, if nothing is known of the future, what would have happened without a change. */
async function makeFork({ store }: Page, at: number, change: Change, isPast: boolean): Promise<string> {
  const { history } = store.past
  const header = store.getState().recording?.header ?? store.getState().header
  if (!header) return 'There is no lab yet.'
  const point = pointAt(history, at)
  const isKnown = isPast && history.to > at
  const end = isKnown ? history.to : at + RUNS_ON_MS
  const seed = newSeed()
  const run = await runFork(point, { seed, lines: linesOf(history, at, change), until: end })
  const other = isKnown
    ? { name: 'as it happened', state: history.state, events: history.between(history.numberAt(at), history.last) }
    : await continued(point, change.kind === 'chance' ? newSeed() : seed, end)
  const { lab, beganAt } = header
  addFork({ name: nameOf(change), parent: lab, header: { lab: run.lab, beganAt }, at, until: end, run, other })
  return run.refused.length === 0 ? '' : `Not carried out: ${run.refused.join('; ')}.`
}

async function continued(point: ForkPoint, seed: number, until: number): Promise<Run> {
  const { state, events } = await runFork(point, { seed, lines: [], until })
  return { name: 'without the change', state, events }
}

function Tree({ close }: Pick<ContentProps, 'close'>) {
  const { store, player } = usePage()
  const { forks, chosen } = useStore(forkStore)
  const field = useId()
  const [said, setSaid] = useState('')
  if (forks.length === 0 || !chosen) return null
  const { header, run } = chosen
  function open(fork: Fork) {
    const past = createPast(fork.run.base, fork.run.events.length + 1)
    past.append(fork.run.events)
    store.look({
      name: fork.name,
      header: fork.header,
      note: null,
      past,
      opened: `A fork at ${formatInstant(fork.at)}.`,
    })
    player.restart()
    close()
  }
  return (
    <section className={styles.tree} aria-label="Forks">
      <ul>
        {treeOf(forks).map(({ fork, depth }) => (
          <li key={fork.run.lab} style={{ paddingInlineStart: `${depth * 20}px` }}>
            <Button aria-pressed={fork === chosen} onClick={() => forkStore.setState({ chosen: fork })}>
              {shown(fork.name)} <span>{formatInstant(fork.at)}</span>
            </Button>
          </li>
        ))}
      </ul>
      <div className={styles.acts}>
        <label htmlFor={field}>
          Name
          <Field
            id={field}
            value={chosen.name}
            maxLength={60}
            onChange={({ target }) => renameFork(chosen, target.value)}
          />
        </label>
        <Button onClick={() => open(chosen)}>Open this fork</Button>
        <Button onClick={() => setSaid(saveRecording(header, run))}>Save its recording</Button>
        <p role="status">
          {said || `${plural(run.events.length, 'event')}. Open a fork to share it, or to fork it again.`}
        </p>
      </div>
    </section>
  )
}
