/**
 * Moves the playhead: once a frame, and when somebody pauses, scrubs, steps or changes the speed. Real nodes never wait
 * for it; their events are still received behind it. The clock of simulated nodes obeys it: it runs at the speed of the
 * view while the view shows the present, and stops otherwise.
 */

import type { LabEvent } from '../../shared/model/event.ts'
import type { Glow } from '../model/flight.ts'
import {
  atStart,
  follow,
  goLive,
  move,
  type Playhead,
  pause,
  play,
  seek,
  stepTo,
  withSpeed,
} from '../model/time/playhead.ts'
import type { SimulatedClock } from './simulated-clock.ts'
import type { PageStore } from './store.ts'

export interface Player {
  /**
   * Computes the next frame: `head` is the lab's time that could be shown. Returns the time on screen, in ms of the
   * lab.
   */
  frame(local: number, head: number): number
  readonly glow: Glow
  readonly at: number
  /** The lab's time that could be shown as of the last frame, in ms. */
  readonly present: number
  readonly speed: number
  /** Whether the lab's clock obeys it. */
  readonly driven: boolean
  /** The event that it is at, after a step. */
  readonly event: number | null
  /** Returns whether there are events that are not on screen yet. */
  readonly behind: number
  toggle(): void
  pause(): void
  play(): void
  goLive(): void
  /** Goes to the present, because somebody acts; slow motion stays. */
  follow(): void
  /** Goes to an instant, or right after an event of that instant. */
  seek(at: number, event?: number | null): void
  stepEvent(by: 1 | -1): void
  stepLandmark(by: 1 | -1): void
  setSpeed(speed: number): void
  /** Takes another lab, or a recording: from its beginning, or live. */
  restart(): void
  /** The known past has changed under it. */
  refresh(): void
}

/** Maximum time that a page that was out of sight plays on at once, in ms. */
const LONGEST_FRAME_MS = 1_000

/** Counters are invisible. */
const isVisible = ({ type }: LabEvent) => type !== 'counters' && type !== 'sampling'

export function createPlayer(store: PageStore, clock: SimulatedClock | null = null): Player {
  const driven = clock !== null
  let playhead: Playhead = atStart
  /** Last pace of a clock that obeys. */
  let paced: number | null = null
  /** While paused: whether the view stays at the present, which commands and steps move on. */
  let isAtPresent = false
  /** Whether the view waits for the event that the clock was advanced to. */
  let awaitsEvent = false
  let drawnAt: number | null = null
  /** The lab's time that could be shown, as of the last frame. */
  let head = 0
  let backwards = false

  const goesOn = () => store.getState().recording === null
  const end = () => (goesOn() ? head : store.past.history.to)

  function set(next: Playhead) {
    awaitsEvent = false
    backwards = next.at < playhead.at
    playhead = next
    const { mode, speed } = store.getState()
    if (mode !== next.mode || speed !== next.speed) store.setState({ mode: next.mode, speed: next.speed })
    if (next.event === null) store.advance(next.at)
    else store.showEvent(next.event)
  }

  function nextVisible(): number | null {
    const { history } = store.past
    for (let number = store.getState().lab.last + 1; number <= history.last; number += 1) {
      const event = history.event(number)
      if (event && isVisible(event)) return number
    }
    return null
  }

  function timeOfNext(): number | null {
    const number = nextVisible()
    return number === null ? null : store.past.history.timeOf(number)
  }

  function drive() {
    if (!clock || !store.getState().loaded) return
    const rate = goesOn() && playhead.mode === 'live' ? playhead.speed : 0
    if (rate !== paced) clock.pace(rate)
    paced = rate
  }

  clock?.onStopped(() => {
    paced = 0
    if (playhead.mode !== 'live' || !goesOn()) return
    isAtPresent = true
    set(pause(playhead))
  })

  /** Shows a paused view what a command or a step has brought. */
  function lookAgain() {
    // A command may happen in the very instant at which the clock is stopped.
    const hasMore = store.past.history.last > store.getState().lab.last
    if (isAtPresent && (hasMore || head !== playhead.at)) set({ ...playhead, at: head, event: null })
    const number = awaitsEvent ? nextVisible() : null
    if (number !== null) step(number)
  }

  const isBusy = (at: number) => Object.values(store.getState().lab.inFlight).some(({ arrivesAt }) => arrivesAt > at)

  function step(number: number | undefined) {
    if (number !== undefined) set(stepTo(playhead, number, store.past.history.timeOf(number)))
  }

  return {
    frame(local, labHead) {
      head = labHead
      const elapsed = drawnAt === null ? 0 : Math.min(LONGEST_FRAME_MS, local - drawnAt)
      drawnAt = local
      drive()
      if (playhead.mode === 'paused') {
        lookAgain()
        return playhead.at
      }
      const slow = playhead.mode === 'playing' && playhead.speed < 1
      const busy = slow && isBusy(playhead.at)
      const next = slow && !busy ? timeOfNext() : null
      set(move(playhead, elapsed, { head: end(), goesOn: goesOn(), driven, busy, next }))
      return playhead.at
    },
    get glow() {
      const { mode, speed } = playhead
      if (mode === 'live') return { arrivals: speed, losses: speed }
      // While paused or going back, nothing arrives.
      return { arrivals: mode === 'paused' || backwards ? 0 : speed, losses: speed }
    },
    get present() {
      return head
    },
    get at() {
      return playhead.at
    },
    get speed() {
      return playhead.speed
    },
    driven,
    get event() {
      return playhead.event
    },
    get behind() {
      return Math.max(0, store.past.history.last - store.getState().lab.last)
    },
    toggle() {
      if (playhead.mode === 'paused') this.play()
      else this.pause()
    },
    pause() {
      isAtPresent = driven && playhead.mode === 'live' && goesOn()
      set(pause(playhead))
    },
    play() {
      const atEnd = playhead.at >= end()
      // A recording at its end restarts.
      if (atEnd && !goesOn()) set(play(seek(playhead, store.past.history.from)))
      else set(play(playhead))
    },
    goLive: () => set(goLive(playhead, end(), driven)),
    follow() {
      // Commands act on simulated nodes also while their clock is stopped.
      if (driven && playhead.mode === 'paused' && playhead.at >= end()) isAtPresent = true
      else if (playhead.mode !== 'live') set(follow(playhead, end(), driven))
    },
    // Earlier events may still come.
    seek(at, event = null) {
      const latest = Math.max(end(), store.past.history.to)
      const there = Math.min(latest, Math.max(0, at))
      // The clock is stopped there, although the last events on the way may still come.
      isAtPresent = driven && goesOn() && at >= latest
      set(event === null ? seek(playhead, there) : stepTo(playhead, event, there))
    },
    stepEvent(by) {
      const { history } = store.past
      let number = store.getState().lab.last + by
      for (;;) {
        const event = history.event(by < 0 ? number + 1 : number)
        if (!event || isVisible(event)) break
        number += by
      }
      isAtPresent = false
      if (number >= history.base.last && number <= history.last) step(number)
      else if (clock && by > 0 && goesOn()) {
        set({ ...pause(playhead), at: end() })
        awaitsEvent = true
        clock.step()
      }
    },
    stepLandmark(by) {
      isAtPresent = false
      const { landmarks } = store.past
      const { last } = store.getState().lab
      step((by > 0 ? landmarks.after(last) : landmarks.before(last))?.n)
    },
    setSpeed: (speed) => set(withSpeed(playhead, speed, driven)),
    restart: () => set(goesOn() ? atStart : { ...pause(atStart), at: store.past.history.from }),
    refresh: () => set(playhead),
  }
}
