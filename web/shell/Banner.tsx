/** Shows what is unusual: a recording, or a problem of one; a lost connection; a file that could not be opened. */
import { useEffect } from 'react'
import { useStore } from 'zustand'
import { formatDate } from '../../shared/text/format.ts'
import { needsWord } from '../model/program-state.ts'
import { shown } from '../model/shown.ts'
import { Later } from '../ui/Later.tsx'
import { usePage, usePageState } from '../ui/page.ts'
import { ReloadButton, Technical } from '../ui/Trouble.tsx'
import { Button } from '../ui/ui.tsx'
import styles from './Banner.module.css'

export function Banner() {
  return (
    <div className={styles.banners}>
      <RecordingBanner />
      <ConnectionBanner />
      <Programs />
      <WaysBack />
      <IncompleteBanner />
      <Notice />
    </div>
  )
}

/** Says that the page shows a recording. */
function RecordingBanner() {
  const recording = usePageState((state) => state.recording)
  const { player, store, client, goOn } = usePage()
  if (!recording) return null
  const { name, note, header, opened } = recording
  return (
    <div className={styles.banner} data-tone="calm" role="status">
      <span>
        <strong>Recording</strong> of {formatDate(header.beganAt)}:{' '}
        {[`${shown(name)}.`, note, opened].filter(Boolean).join(' ')}
      </span>
      {client && (
        <Button
          onClick={() => {
            store.look(null)
            player.restart()
          }}
        >
          Back to the live lab
        </Button>
      )}
      {goOn && <Button onClick={() => goOn(player.at)}>Continue in simulation</Button>}
    </div>
  )
}

/** The file that the lab is recorded to is incomplete. The lab goes on. */
function IncompleteBanner() {
  const problem = usePageState(({ lab, recording }) => (recording ? '' : lab.recordingProblem))
  if (problem === '') return null
  return (
    <div className={styles.banner} role="status">
      <span>
        <strong>The recording is incomplete.</strong> {shown(problem)}.
      </span>
    </div>
  )
}

function Notice() {
  const notice = usePageState((state) => state.notice)
  const { store } = usePage()
  if (notice === null) return null
  return (
    <div className={styles.banner} role="status">
      <div>
        {shown(notice.words)}
        {notice.technical !== undefined && <Technical text={notice.technical} />}
      </div>
      <Button onClick={() => store.setState({ notice: null })}>Close</Button>
    </div>
  )
}

function ConnectionBanner() {
  const connection = usePageState((state) => state.connection)
  const loaded = usePageState((state) => state.loaded)
  const { client, isAlone } = usePage()
  switch (connection.phase) {
    case 'refused':
      // In the middle of the page until the first valid message.
      return loaded ? <RefusedBanner error={connection.error} /> : null
    case 'lost':
      if (connection.why !== undefined) return <ShutBanner why={connection.why} />
      break
    case 'connecting':
      if (!loaded) return null
      break
    default:
      return null
  }
  return (
    <div className={styles.banner} role="status">
      <span>
        <strong>
          {loaded ? 'Connection lost' : isAlone ? 'The simulation does not respond' : 'The lab does not respond'},
          trying again.
        </strong>{' '}
        {loaded
          ? 'The page shows its last known state.'
          : isAlone
            ? 'Reload the page if it stays away.'
            : 'Is it running? If not, start it again.'}
      </span>
      <span className={styles.actions}>
        <SaveLive />
        <Button onClick={() => client?.retry()}>Try now</Button>
      </span>
    </div>
  )
}

function ShutBanner({ why }: { readonly why: string }) {
  const { isAlone } = usePage()
  if (isAlone)
    return (
      <div className={styles.banner} role="status">
        <span>
          <strong>The simulation stopped.</strong> Its reason: {why}.
        </span>
      </div>
    )
  return (
    <div className={styles.banner} role="status">
      <span>
        <strong>The lab refused this page, trying again.</strong> Its reason: {why}.
      </span>
    </div>
  )
}

function RefusedBanner({ error }: { readonly error: string }) {
  return (
    <div className={styles.banner} role="alert">
      <div>
        <strong>This page and the lab no longer understand each other.</strong> The page shows its last known state.
        They are probably different versions. Reload the page.
        <Technical text={error} />
      </div>
      <span className={styles.actions}>
        <SaveLive />
        <ReloadButton />
      </span>
    </div>
  )
}

const labBanners = () => import('./LabBanners.tsx')
const saveLive = () => labBanners().then(({ SaveLive }) => ({ default: SaveLive }))

const programBanners = () => import('./ProgramBanners.tsx')

/** Says what the presenter could do about programs. */
function Programs() {
  const isConcerned = usePageState(({ lab, recording }) => recording === null && needsWord(lab))
  if (!isConcerned) return null
  return (
    <Later name="a notice" load={programBanners}>
      {(ProgramBanners) => <ProgramBanners />}
    </Later>
  )
}

/** Offers to undo what was destroyed. */
function WaysBack() {
  const { undo, client } = usePage()
  const isOffered = useStore(undo, ({ offers }) => offers.length > 0)
  const isOther = usePageState(({ former, lastLab }) => former !== null || (lastLab?.isNew ?? false))
  // Loaded once there is something to lose, because the lab that serves them may vanish.
  const isUsed = usePageState(({ lab }) => lab.commands.length > 0)
  useEffect(() => {
    if (client && isUsed) void labBanners().catch(() => {})
  }, [client, isUsed])
  if (!isOffered && !isOther) return null
  return (
    <Later name="the way back" load={labBanners}>
      {(LabBanners) => <LabBanners />}
    </Later>
  )
}

/** A lab that does not come back is lost, unless the page saves it. */
function SaveLive() {
  const hasSeen = usePageState(({ header }) => header !== null)
  if (!hasSeen) return null
  return (
    <Later name="the way to save it" load={saveLive}>
      {(Save) => <Save />}
    </Later>
  )
}
