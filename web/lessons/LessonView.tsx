/** Shows an open lesson: a scene, and the buttons below it. Handles the keys that a presentation remote sends. */
import { X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { Lesson } from '../../shared/language/lesson.ts'
import type { Pace } from '../model/lessons/pace.ts'
import { mayGoOn, type SessionState } from '../model/lessons/session-state.ts'
import { shown } from '../model/shown.ts'
import { isKeyTaken } from '../ui/keys.ts'
import { type Page, usePage } from '../ui/page.ts'
import { Button, Hidden, IconButton } from '../ui/ui.tsx'
import { Ending } from './Ending.tsx'
import styles from './Lessons.module.css'
import type { LoadedLesson } from './library.ts'
import { lessonHostOf } from './live.ts'
import { SceneView } from './SceneView.tsx'
import { createSession, type Session } from './session.ts'
import { useFramedRun } from './use-framed-run.ts'

interface Props {
  readonly loaded: LoadedLesson
  readonly number: number
  readonly pace: Pace
  /** Identifies the run of the lab; null without a connection. */
  readonly lab: string | null
  readonly following: LoadedLesson | null
  readonly open: (lesson: LoadedLesson) => void
  readonly leave: () => void
}

export function LessonView({ loaded, number, pace, lab, following, open, leave }: Props) {
  const page = usePage()
  const session = useSession(loaded, pace, lab)
  const state = useStore(session)
  const live = lab !== null
  const { scenes, title } = session.lesson
  const explained =
    state.phase === 'shown' ? (state.outcomes[Math.min(state.place, scenes.length - 1)]?.span ?? null) : null
  const [resumed] = useState(explained)
  useFramedRun(explained, resumed)
  const ended = state.place >= scenes.length
  const goOn = (next: () => void) => {
    // The last run stays visible beside the figures of the end.
    if (state.phase !== 'shown' || state.place !== scenes.length - 1) page.player.follow()
    if (!ended) next()
    else if (following) open(following)
  }
  const again = () => {
    page.player.follow()
    void session.begin()
  }
  const scene = useRef<HTMLDivElement>(null)
  useRemote(() => scrolled(scene.current?.closest('aside') ?? null) || goOn(session.pageDown), session, page)

  return (
    <section className={styles.panel} aria-label={`Lesson ${number}: ${title}`}>
      <div className={styles.head}>
        <p className={styles.whereabouts}>
          Lesson {number} · {title}
        </p>
        <IconButton label="Leave the lesson" onClick={leave}>
          <X size={18} aria-hidden />
        </IconButton>
      </div>
      <div ref={scene} className={styles.scene}>
        {state.phase === 'stuck' ? (
          <Stuck problems={state.problems} again={() => void session.begin()} />
        ) : ended ? (
          <Ending session={session} />
        ) : (
          <SceneView key={state.place} session={session} place={state.place} pace={pace} />
        )}
      </div>
      <div className={styles.foot}>
        <Button disabled={state.place === 0 || isBusy(state)} aria-keyshortcuts="PageUp" onClick={session.back}>
          Back
        </Button>
        {/* The end is not a scene, and needs the room for one more button. */}
        {!ended && <Progress place={state.place} of={scenes.length} />}
        {ended && <Button onClick={again}>Again</Button>}
        {ended && !following ? (
          <Button kind="primary" onClick={leave}>
            Leave
          </Button>
        ) : (
          <Button
            kind="primary"
            aria-keyshortcuts="PageDown"
            disabled={!live || (!ended && !mayGoOn(state, scenes))}
            onClick={() => goOn(session.next)}
          >
            {ended ? 'Next lesson' : nextInWords(state, session.lesson)}
          </Button>
        )}
      </div>
      <Hidden>
        <span role="status">{announcement(state)}</span>
      </Hidden>
    </section>
  )
}

/** Returns the session of a lesson; one that the tab remembers continues. */
function useSession(loaded: LoadedLesson, pace: Pace, lab: string | null): Session {
  const page = usePage()
  const [session] = useState(() => {
    const { memo } = page.lesson.getState().open ?? {}
    const isBroken = memo?.isBroken || memo?.lab !== lab
    return createSession(loaded, pace, lessonHostOf(page), memo ? { ...memo, isBroken } : null)
  })
  const [openedIn, setOpenedIn] = useState(lab)
  useEffect(() => {
    void session.start()
    return () => session.stop()
  }, [session])
  useEffect(() => {
    if (lab === null || lab === openedIn) return
    setOpenedIn(lab)
    if (openedIn !== null) session.interrupt()
  }, [session, lab, openedIn])
  useEffect(() => {
    if (lab === null) return
    const remember = () => {
      const { open } = page.lesson.getState()
      if (open?.file === loaded.file) page.lesson.setState({ open: { ...open, memo: { ...session.memo(), lab } } })
    }
    remember()
    return session.subscribe(remember)
  }, [page, session, loaded, lab])
  return session
}

const isBusy = ({ phase }: SessionState) => phase === 'preparing' || phase === 'running' || phase === 'measuring'

/**
 * Handles page down and page up wherever the focus is, except in a dialog and a multi-line text field, which use them
 * themselves. If a selection's panel covers the lesson, the key only brings the lesson back.
 */
function useRemote(goOn: () => unknown, { back }: Session, { side, store }: Pick<Page, 'side' | 'store'>) {
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      const hasModifier = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey
      if (hasModifier || isKeyTaken(event) || side.getState().kind !== 'lessons') return
      if (event.key !== 'PageDown' && event.key !== 'PageUp') return
      if (store.getState().selection !== null) store.select(null)
      else if (event.key === 'PageDown') goOn()
      else back()
      event.preventDefault()
      event.stopPropagation()
    }
    // In the capture phase, before sliders and tabs take the key.
    document.addEventListener('keydown', onKey, true)
    return () => document.removeEventListener('keydown', onKey, true)
  })
}

/** Scrolls down, because a remote cannot. Returns whether there was anything below. */
function scrolled(panel: HTMLElement | null): boolean {
  if (panel === null) return false
  const before = panel.scrollTop
  // Less than the height of the panel: its foot covers the last lines.
  panel.scrollTop += 0.6 * panel.clientHeight
  return panel.scrollTop > before + 1
}

function nextInWords({ phase, place }: SessionState, { scenes }: Lesson): string {
  switch (phase) {
    case 'preparing':
      return 'Starting nodes …'
    case 'running':
      return 'Running …'
    case 'measuring':
      return 'Counting …'
    case 'telling':
      return (scenes[place]?.steps.length ?? 0) > 0 ? 'Run it' : 'Next'
    default:
      return place === scenes.length - 1 ? 'Sum up' : 'Next'
  }
}

function announcement(state: SessionState): string {
  switch (state.phase) {
    case 'preparing':
      return 'The nodes are starting.'
    case 'running':
      return 'The scene is running.'
    case 'measuring':
      return 'The scene has run. The page reads the counters of the nodes.'
    default:
      return ''
  }
}

function Progress({ place, of }: { readonly place: number; readonly of: number }) {
  return (
    <span className={styles.progress}>
      {place + 1} of {of}
    </span>
  )
}

function Stuck({ problems, again }: { readonly problems: readonly string[]; readonly again: () => void }) {
  return (
    <div role="alert" className={styles.column}>
      <h2>The network did not start</h2>
      {problems.map((problem) => (
        <p key={problem} className={styles.failed}>
          {shown(problem)}
        </p>
      ))}
      <Button onClick={again}>Try again</Button>
    </div>
  )
}
