/**
 * Encodes messages to many pages once. Pages at the same position in the sequencer get the same frame, and one snapshot
 * serves all that join within a moment: a class joins at once, and a page that does not read keeps no copy of its own.
 */

import type { LabEvent } from '../model/event.ts'
import type { Platform } from '../node/platform.ts'
import {
  type LabClock,
  type LabTime,
  type LastLab,
  PROTOCOL_VERSION,
  type Role,
  type ServerMessage,
} from '../wire/protocol.ts'
import { type Frame, MAX_BACKLOG_BYTES } from './connection.ts'
import { MAX_BROWSER_BATCH } from './event-log.ts'
import { eventForViewers, stateForViewers } from './for-viewers.ts'
import { keepNewest } from './keep-newest.ts'
import type { Lab } from './lab.ts'

/** Maximum age of a snapshot for a further page, in ms: the events since follow. */
const SNAPSHOT_FRESH_MS = 250

/** Number of cached batches. Most pages are at the newest position; those that catch up are each at another one. */
const MAX_KEPT_BATCHES = 16
/** Time for which a batch gives the right time, in ms. */
const BATCH_FRESH_MS = 20

interface Snapshot {
  readonly frame: Frame
  /** Number of the last event in the frame. */
  readonly last: number
  readonly at: number
}

interface Batch {
  readonly frame: Frame
  /** Number of the event after the frame. */
  readonly next: number
  readonly at: number
}

interface Past {
  readonly frame: Frame
  /** Number of the last event in the frame. */
  readonly upTo: number
}
/** Cached stretches of the past, and their characters: pages that scrub in a class get the same ones. */
const MAX_KEPT_PASTS = 8
const MAX_KEPT_PAST_CHARS = 16 * 1_024 * 1_024

export const frameOf = (message: ServerMessage): Frame => ({ text: JSON.stringify(message) })

/** Paths of this machine stay here. */
const offerOf = ({ lab, endedAt, opens }: LastLab): LastLab => ({ lab, endedAt, ...(opens && { opens }) })

export class Frames {
  readonly #lab: Lab
  readonly #platform: Pick<Platform, 'now'>
  readonly #lastLab: LastLab | undefined
  readonly #snapshots = new Map<Role, Snapshot>()
  readonly #batches = new Map<string, Batch>()
  readonly #pasts = new Map<string, Past>()

  /** `platform` has the time of the people who watch: it determines the age of a frame. */
  constructor(lab: Lab, platform: Pick<Platform, 'now'>, lastLab?: LastLab) {
    this.#lab = lab
    this.#platform = platform
    this.#lastLab = lastLab
  }

  /** Returns a snapshot, perhaps a moment old: the events after `last` follow. */
  snapshot(role: Role): Snapshot {
    const { sequencer } = this.#lab
    const at = this.#platform.now()
    const kept = this.#snapshots.get(role)
    if (kept && at - kept.at < SNAPSHOT_FRESH_MS && kept.last + 1 >= sequencer.oldest) return kept
    const state = role === 'viewer' ? stateForViewers(sequencer.state) : sequencer.state
    const snapshot = { frame: frameOf({ type: 'snapshot', ...this.clock(role), state }), last: state.last, at }
    this.#snapshots.set(role, snapshot)
    return snapshot
  }

  /** Returns events from this number on, as many as fit one message, or none. */
  events(role: Role, from: number): Batch {
    const { sequencer } = this.#lab
    const at = this.#platform.now()
    // The name includes the end of the batch, because later events belong into it, and the pace that it states.
    const name = `${role} ${from} ${sequencer.last} ${this.#lab.platform.rate()}`
    const kept = this.#batches.get(name)
    if (kept && at - kept.at < BATCH_FRESH_MS) return kept
    const read = sequencer.read(from, MAX_BROWSER_BATCH, MAX_BACKLOG_BYTES)
    const batch = { frame: this.#eventsFrame(role, read), next: from + read.length, at }
    this.#batches.delete(name)
    this.#batches.set(name, batch)
    keepNewest(this.#batches, MAX_KEPT_BATCHES)
    return batch
  }

  /** Returns the result of `frameOf`, and reuses cached JSON of events. */
  #eventsFrame(role: Role, events: readonly LabEvent[]): Frame {
    const { sequencer } = this.#lab
    const texts = events.map((event) => {
      const seen = role === 'viewer' ? eventForViewers(event) : event
      return seen === event ? sequencer.json.of(event) : JSON.stringify(seen)
    })
    const time = JSON.stringify(this.#time()).slice(1, -1)
    return { text: `{"type":"events",${time},"events":[${texts.join(',')}]}` }
  }

  /** Returns the past before an event: a stretch from one kept state to the next, perhaps longer than requested. */
  past(role: Role, before: number): Frame {
    const { sequencer } = this.#lab
    const { state, upTo } = sequencer.stretchBefore(before)
    const name = `${role} ${state.last} ${sequencer.oldest}`
    const kept = this.#pasts.get(name)
    if (kept && kept.upTo >= before - 1) return kept.frame
    const isViewer = role === 'viewer'
    const read = before > sequencer.oldest ? sequencer.read(state.last + 1, upTo - state.last) : []
    const frame = frameOf({
      type: 'past',
      state: isViewer ? stateForViewers(state) : state,
      events: isViewer ? read.map(eventForViewers) : read,
      oldest: sequencer.oldest,
    })
    this.#pasts.delete(name)
    this.#pasts.set(name, { frame, upTo })
    keepNewest(this.#pasts, MAX_KEPT_PASTS, MAX_KEPT_PAST_CHARS)
    return frame
  }

  /** Returns a frame with only the time. */
  beat(): Frame {
    return frameOf({ type: 'events', ...this.#time(), events: [] })
  }

  #time(): LabTime {
    const rate = this.#lab.platform.rate()
    return { now: this.#lab.now(), ...(rate !== 1 && { rate }) }
  }

  clock(role: Role): LabClock {
    const { id, beganAt, sequencer } = this.#lab
    const last = role === 'presenter' && this.#lastLab
    return {
      version: PROTOCOL_VERSION,
      lab: id,
      role,
      ...this.#time(),
      beganAt,
      oldest: sequencer.oldest,
      ...(last && { lastLab: offerOf(last) }),
    }
  }
}
