/**
 * The connection to the lab: joins, takes events, reconnects by itself, and continues where it stopped. It is
 * independent of the store and the page. Transport, timers and chance come in, so that a test can play the server and a
 * message port can replace a WebSocket.
 */

import type { LabEvent } from '../../../shared/model/event.ts'
import type { LabState } from '../../../shared/model/lab-state.ts'
import type { By, ClientMessage, LabClock, Pointing, ServerMessage } from '../../../shared/wire/protocol.ts'
import { GIVE_UP_AFTER_MS } from '../../../shared/wire/rhythm.ts'
import { PROTOCOL_VERSION } from '../../../shared/wire/version.ts'
import { understand } from './understand.ts'

/** The first and the longest wait before another attempt, in ms. */
export const FIRST_RETRY_MS = 250
export const LAST_RETRY_MS = 5_000

export type Connection =
  | { readonly phase: 'connecting' }
  | ({ readonly phase: 'live' } & Pick<LabClock, 'role' | 'lab' | 'beganAt' | 'oldest' | 'lastLab'>)
  /** `attempt` counts from 1. `why` is present when the lab refuses this page. */
  | { readonly phase: 'lost'; readonly attempt: number; readonly why?: string }
  /** Server and page do not understand each other: another attempt is useless. */
  | { readonly phase: 'refused'; readonly error: string }

export type Reply =
  | { readonly ok: true; readonly output: readonly string[] }
  | { readonly ok: false; readonly error: string }

/** The part of a WebSocket that is used here. */
export interface Socket {
  send(text: string): void
  close(): void
}

export interface SocketEvents {
  opened(): void
  said(data: unknown): void
  /** Called also when it never opened. */
  closed(): void
}

/** The transport to the lab: a WebSocket, or an equivalent. */
export interface Transport {
  readonly open: (events: SocketEvents) => Socket
  /** Resolves with why the lab refuses this page; undefined when it does not, or does not answer. */
  readonly whyShut: () => Promise<string | undefined>
}

export interface Dialling extends Transport {
  readonly later: (run: () => void, ms: number) => () => void
  /** A number in [0, 1). */
  readonly chance: () => number
}

export interface Listener {
  connection(connection: Connection): void
  /** Another state replaces all that was known. */
  snapshot(state: LabState, anotherLab: boolean): void
  events(events: readonly LabEvent[]): void
  /** Takes an earlier stretch: a state, and the events after it; none if the lab has forgotten all before `oldest`. */
  past(base: LabState, events: readonly LabEvent[], oldest: number): void
  /** The lab's time in the last message, and its pace. */
  now(labNow: number, rate: number): void
  /** The presenter's focus. */
  pointing(pointing: Pointing): void
  /** The number of viewers. */
  audience(viewers: number): void
}

export interface LiveClient {
  send(line: string, by: By): Promise<Reply>
  /** Asks for the past before that event, unless an answer is still to come. */
  askPast(before: number): void
  /** A viewer's message to a node. */
  sayTo(node: number, name: string, text: string): Promise<Reply>
  /** Sends followers this page's focus. */
  point(pointing: Pointing): void
  /** Retries at once when the connection is lost. */
  retry(): void
  /** The lab's messages are invalid after all. */
  giveUp(error: unknown): void
  close(): void
}

export function connect({ open, later, chance, whyShut }: Dialling, listener: Listener): LiveClient {
  let socket: Socket | null = null
  let has: { lab: string; after: number } | null = null
  let joined = false
  let closed = false
  let attempt = 0
  let nextId = 1
  let asksPast = false
  let cancelRetry = () => {}
  let cancelPatience = () => {}
  const unanswered = new Map<number, (reply: Reply) => void>()

  const say = (message: ClientMessage) => socket?.send(JSON.stringify(message))

  function dial() {
    cancelRetry()
    joined = false
    asksPast = false
    waitAnew()
    let isOpen = false
    const dialled = open({
      opened() {
        isOpen = true
        say({ type: 'join', version: PROTOCOL_VERSION, ...(has ? { has } : {}) })
      },
      said(data) {
        if (socket !== dialled) return
        waitAnew()
        try {
          hear(understand(data))
        } catch (error) {
          // Also for events that the page could not take: it would show a wrong state.
          refuse(wordsOf(error))
        }
      },
      closed() {
        if (socket !== dialled) return
        lose()
        if (!isOpen) void askWhy(attempt)
      },
    })
    socket = dialled
  }

  /** A refused WebSocket gives no reason. */
  async function askWhy(about: number) {
    const why = await whyShut()
    if (why !== undefined && !closed && socket === null && attempt === about)
      listener.connection({ phase: 'lost', attempt, why })
  }

  /** A running lab sends a message now and then. A stopped one keeps its connections, and sends nothing. */
  function waitAnew() {
    cancelPatience()
    cancelPatience = later(() => {
      const silent = socket
      lose()
      silent?.close()
    }, GIVE_UP_AFTER_MS)
  }

  function lose() {
    cancelPatience()
    socket = null
    joined = false
    for (const resolve of unanswered.values())
      resolve({ ok: false, error: 'the connection was lost before the lab replied; check whether the command ran' })
    unanswered.clear()
    if (closed) return
    attempt += 1
    listener.connection({ phase: 'lost', attempt })
    const wait = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempt - 1))
    // Random within the second half of the wait, so that a class does not reconnect in one instant.
    cancelRetry = later(dial, wait * (0.5 + chance() / 2))
  }

  function hear(message: ServerMessage) {
    switch (message.type) {
      case 'snapshot':
      case 'resumed':
        welcome(message)
        break
      case 'events':
        listener.now(message.now, message.rate ?? 1)
        take(message.events)
        break
      case 'past':
        asksPast = false
        listener.past(message.state, message.events, message.oldest)
        break
      case 'reply': {
        const { type: _, id, ...reply } = message
        unanswered.get(id)?.(reply)
        unanswered.delete(id)
        break
      }
      case 'pointing': {
        const { type: _, ...pointing } = message
        listener.pointing(pointing)
        break
      }
      case 'audience':
        listener.audience(message.viewers)
        break
      case 'refused':
        if (!joined) refuse(message.error)
        break
    }
  }

  function welcome(message: Extract<ServerMessage, { type: 'snapshot' | 'resumed' }>) {
    const { lab, role, now, rate = 1, beganAt, oldest, lastLab } = message
    const anotherLab = has?.lab !== lab
    joined = true
    attempt = 0
    if (message.type === 'snapshot') {
      has = { lab, after: message.state.last }
      listener.snapshot(message.state, anotherLab)
    }
    listener.now(now, rate)
    listener.connection({ phase: 'live', role, lab, beganAt, oldest, ...(lastLab && { lastLab }) })
  }

  function take(events: readonly LabEvent[]) {
    const last = events.at(-1)
    if (!has || !last) return
    const { after } = has
    const fresh = events.filter(({ n }) => n > after)
    if (fresh[0] && fresh[0].n !== after + 1)
      throw new Error(`event ${fresh[0].n}, where event ${after + 1} was expected`)
    has = { lab: has.lab, after: Math.max(after, last.n) }
    try {
      listener.events(fresh)
    } catch (error) {
      throw new Error(`${after + 1 < last.n ? `events ${after + 1} to` : 'event'} ${last.n}: ${wordsOf(error)}`)
    }
  }

  function refuse(error: string) {
    closed = true
    joined = false
    cancelPatience()
    listener.connection({ phase: 'refused', error })
    socket?.close()
  }

  function ask(question: (id: number) => ClientMessage): Promise<Reply> {
    if (!joined)
      return Promise.resolve({ ok: false, error: 'not connected to the lab; try again when the connection is back' })
    const id = nextId
    nextId += 1
    say(question(id))
    return new Promise((resolve) => unanswered.set(id, resolve))
  }

  listener.connection({ phase: 'connecting' })
  dial()

  return {
    send: (line, by) => ask((id) => ({ type: 'command', id, line, by })),
    sayTo: (node, name, text) => ask((id) => ({ type: 'say', id, node, name, text })),
    point(pointing) {
      if (joined) say({ type: 'pointing', ...pointing })
    },
    askPast(before) {
      if (!joined || asksPast) return
      asksPast = true
      say({ type: 'history', before })
    },
    retry() {
      if (socket === null && !closed) dial()
    },
    giveUp: (error) => refuse(wordsOf(error)),
    close() {
      closed = true
      cancelRetry()
      cancelPatience()
      socket?.close()
    },
  }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
