/** The view's time: pause, step, scrub, slow motion, and the way back to the present. The real nodes never wait. */
import { ChevronLeft, ChevronRight, Pause, Play, SkipBack, SkipForward } from 'lucide-react'
import type { ReactNode } from 'react'
import { formatCount, formatInstant, plural, spoken } from '../../shared/text/format.ts'
import { type Mode, mostSpeedStep, speedOfStep, speedWords, stepOfSpeed } from '../model/time/playhead.ts'
import { usePage, usePageState } from '../ui/page.ts'
import { Button, IconButton } from '../ui/ui.tsx'
import { useTick } from '../ui/use-tick.ts'
import { Scrubber } from './Scrubber.tsx'
import styles from './TimeBar.module.css'

/** `fork` is a control of the instant on screen. */
export function TimeBar({ fork }: { readonly fork: ReactNode }) {
  const { player } = usePage()
  const loaded = usePageState((state) => state.loaded)
  const mode = usePageState((state) => state.mode)
  if (!loaded) return null
  return (
    <section className={styles.bar} data-time-bar aria-label="Time" data-mode={mode}>
      <div className={styles.buttons}>
        <Button kind="icon" className={styles.play} aria-label={PLAY_NAMES[mode]} onClick={() => player.toggle()}>
          {mode === 'paused' ? <Play size={18} aria-hidden /> : <Pause size={18} aria-hidden />}
        </Button>
        <span className={styles.jumps}>
          <IconButton label="Previous landmark" onClick={() => player.stepLandmark(-1)}>
            <SkipBack size={16} aria-hidden />
          </IconButton>
        </span>
        <IconButton label="Previous event" onClick={() => player.stepEvent(-1)}>
          <ChevronLeft size={18} aria-hidden />
        </IconButton>
        <IconButton label="Next event" onClick={() => player.stepEvent(1)}>
          <ChevronRight size={18} aria-hidden />
        </IconButton>
        <span className={styles.jumps}>
          <IconButton label="Next landmark" onClick={() => player.stepLandmark(1)}>
            <SkipForward size={16} aria-hidden />
          </IconButton>
        </span>
        {fork}
      </div>
      <Speed />
      <Scrubber />
      <Whereabouts />
    </section>
  )
}

const PLAY_NAMES = { live: 'Pause the view', playing: 'Pause the view', paused: 'Play' }

function Speed() {
  const { player } = usePage()
  const speed = usePageState((state) => state.speed)
  const { rate, real } = speedWords(speed)
  return (
    <label className={styles.speed}>
      <span className={styles.rate}>
        {rate} <span>{real}</span>
      </span>
      <input
        type="range"
        aria-label={player.driven ? 'Speed of the clock' : 'Speed of the view'}
        min={0}
        max={mostSpeedStep(player.driven)}
        step={1}
        value={stepOfSpeed(speed)}
        aria-valuetext={spoken(`${rate}, ${real}`)}
        onChange={({ target }) => player.setSpeed(speedOfStep(Number(target.value), player.driven))}
      />
    </label>
  )
}

/** The lag of the view behind the present. */
const EVERY_MS = 100

function Whereabouts() {
  const { player, store } = usePage()
  const mode = usePageState((state) => state.mode)
  const recording = usePageState((state) => state.recording !== null)
  const connected = usePageState(({ connection }) => connection.phase === 'live')
  useTick(EVERY_MS)
  const { lab } = store.getState()
  const words = recording
    ? `event ${formatCount(lab.last)} of ${formatCount(store.past.history.last)}`
    : whereInWords(mode, connected, player.behind)
  return (
    <div className={styles.place}>
      {/* Its room is kept while the view is live: the bar does not move under a click. */}
      {!recording && (
        <Button className={styles.live} data-needed={mode !== 'live'} onClick={() => player.goLive()}>
          Go live
        </Button>
      )}
      <p className={styles.words} data-live={mode === 'live' && connected}>
        <strong>{formatInstant(player.at)}</strong> <span>{words}</span>
      </p>
    </div>
  )
}

function whereInWords(mode: Mode, connected: boolean, behind: number): string {
  if (mode === 'live') return connected ? 'live' : 'last known state'
  if (behind > 0) return `${plural(behind, 'event')} behind`
  return mode === 'paused' ? 'paused' : 'waiting for events'
}
