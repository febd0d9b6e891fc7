/**
 * Offers ways back: to the previous network, to a lab that was restarted, to the recording of the last one, to a lab
 * that is gone. The page loads them before they are needed: later the lab may be gone.
 */
import { type ReactNode, useEffect, useState } from 'react'
import { useStore } from 'zustand'
import { formatDate, plural } from '../../shared/text/format.ts'
import { type Span, wholeOf } from '../model/event-span.ts'
import { shown } from '../model/shown.ts'
import type { Trouble } from '../model/trouble.ts'
import { dismissLastLab, openLastLab } from '../store/files/open-last-lab.ts'
import { trySaving } from '../store/files/recording-file.ts'
import type { LabHeader } from '../store/store.ts'
import type { Offer } from '../store/undo/offer.ts'
import { usePage, usePageState } from '../ui/page.ts'
import { Technical } from '../ui/Trouble.tsx'
import { Button } from '../ui/ui.tsx'
import { whenCalm } from '../ui/when-calm.ts'
import styles from './Banner.module.css'
import { Calm } from './Calm.tsx'

export default function LabBanners() {
  return (
    <>
      <RestartBanner />
      <LastLabBanner />
      <UndoBanners />
    </>
  )
}

/** The lab has been replaced by another one. */
function RestartBanner() {
  const former = usePageState(({ former, recording }) => (recording ? null : former))
  const lastLab = usePageState((state) => state.lastLab)
  const { store } = usePage()
  if (!former) return null
  return (
    <Calm
      words={
        <>
          <strong>The lab was restarted.</strong> This page shows the new lab. It still has{' '}
          {former.span.base.last > 0 && 'the last '} {plural(former.span.events.length, 'event')} of the old one.
        </>
      }
      close={() => store.setState({ former: null })}
    >
      <SaveButton header={former.header} span={() => former.span}>
        Save the old lab
      </SaveButton>
      {lastLab?.lab === former.header.lab && <OpenLastLab />}
    </Calm>
  )
}

/** The previous lab has recorded itself. */
function LastLabBanner() {
  const { store } = usePage()
  const lastLab = usePageState(({ lastLab, former, recording }) =>
    recording || !lastLab?.isNew || lastLab.lab === former?.header.lab ? null : lastLab,
  )
  if (!lastLab) return null
  return (
    <Calm words={`The last lab ended on ${formatDate(lastLab.endedAt)}.`} close={() => dismissLastLab(store)}>
      <OpenLastLab />
    </Calm>
  )
}

function OpenLastLab() {
  const { store, files } = usePage()
  return <Button onClick={() => void openLastLab(store, files)}>Open the last lab’s recording</Button>
}

/** Saves the page's copy of the lab that it was last connected to. */
export function SaveLive() {
  const header = usePageState((state) => state.header)
  const { store } = usePage()
  return (
    header && (
      <SaveButton header={header} span={() => wholeOf(store.live)}>
        Save what this page has
      </SaveButton>
    )
  )
}

/** Saves the page's copy of a lab. */
function SaveButton({ header, span, children }: SaveProps) {
  const [said, setSaid] = useState<Trouble | null>(null)
  return (
    <>
      {said && (
        <span role="status">
          {said.words}
          {said.technical !== undefined && <Technical text={said.technical} />}
        </span>
      )}
      <Button onClick={() => setSaid(trySaving(header, span()))}>{children}</Button>
    </>
  )
}

interface SaveProps {
  readonly header: LabHeader
  readonly span: () => Span
  readonly children: ReactNode
}

/**
 * Time for which an undo is offered above the views, in ms: later, Heal undoes a fault, and the settings of the network
 * offer the previous network.
 */
const SHOWN_MS = 20_000

function UndoBanners() {
  const { undo, lesson } = usePage()
  const state = useStore(undo)
  // Without a lab no undo is possible, and the room is needed.
  const live = usePageState(({ connection, recording }) => connection.phase === 'live' && recording === null)
  // Leaving a lesson offers the network of before it.
  useStore(lesson, ({ open }) => open !== null)
  const shown = undo.allowed(state).filter((offer) => offer !== state.folded)
  if (!live || shown.length === 0) return null
  return (
    <div className={styles.notices}>
      {shown.map((offer, place) => (
        <UndoBanner key={offer.kind} offer={offer} error={place === 0 ? state.error : null} />
      ))}
    </div>
  )
}

function UndoBanner({ offer, error }: { readonly offer: Offer; readonly error: string | null }) {
  const { undo } = usePage()
  const [busy, setBusy] = useState(false)
  useEffect(() => whenCalm(SHOWN_MS, () => undo.dismiss(offer)), [undo, offer])
  async function run() {
    setBusy(true)
    await undo.undo(offer)
    setBusy(false)
  }
  const words = offer.kind === 'network' ? <NetworkWords words={offer.words} /> : <ChangeWords {...offer} />
  return (
    <Calm words={words} close={() => undo.dismiss(offer)} isBrief={offer.kind === 'change'}>
      {error !== null && <span role="alert">{shown(error)}</span>}
      <Button disabled={busy} aria-keyshortcuts="Alt+Z" onClick={() => void run()}>
        Undo
      </Button>
    </Calm>
  )
}

const NetworkWords = ({ words }: { readonly words: string }) => (
  <>
    <strong>The network was replaced.</strong> Undo restores the previous one: {shown(words)}.
  </>
)

/** Beyond this number, lines are counted. */
const MOST_LINES = 2

const ChangeWords = ({ done, lines }: { readonly done: string; readonly lines: readonly string[] }) => (
  <>
    <code>{shown(done)}</code>{' '}
    <span className={styles.undone}>
      Undo runs {lines.length > MOST_LINES ? `${lines.length} commands` : <code>{shown(lines.join('; '))}</code>}
    </span>
  </>
)
