/** Provides a lab of nodes in memory, on a machine whose time a test advances, and pages that the test plays. */
import { DEFAULTS } from '../gossip/settings.ts'
import type { LabEvent } from '../model/event.ts'
import type { LabSettings } from '../model/lab-settings.ts'
import type { Platform } from '../node/platform.ts'
import type { Role, ServerMessage } from '../wire/protocol.ts'
import { PROTOCOL_VERSION } from '../wire/version.ts'
import type { CloseReason, Connection } from './connection.ts'
import { Executor } from './executor.ts'
import { Lab } from './lab.ts'
import { sampleHost } from './sample-host.ts'
import { Sessions } from './sessions.ts'

type Machine = Pick<Platform, 'now' | 'wallClock' | 'after' | 'every' | 'cancel'> & {
  advanceAsync(ms: number): Promise<void>
}

const SETTINGS: LabSettings = {
  n: 1,
  topology: 'line',
  linkDelayMs: 0,
  seed: 1,
  basePort: 20_000,
  rootId: 40_000,
  gossip: DEFAULTS,
}
/** Longer than any wait of a test, in ms. */
const PATIENCE_MS = 20_000
const STEP_MS = 10

/** A lab with its sessions. Event 1 is its network; no node runs yet. */
export async function labOf(machine: Machine) {
  const time = { rate: 1 }
  const platform = {
    ...machine,
    rate: () => time.rate,
    newId: () => 'a lab',
    newKey: () => 'a key',
    newSeed: () => 1,
    tellFault: String,
  }
  const lab = new Lab({ settings: SETTINGS, host: sampleHost(machine.now), platform })
  lab.sequencer.append({ type: 'network', settings: SETTINGS })
  const sessions = new Sessions({ lab, executor: new Executor(lab), platform: machine })
  /** Advances the time until all present events have their numbers. */
  const settle = async () => {
    let isSettled = false
    void lab.sequencer.flushed().then(() => {
      isSettled = true
    })
    while (!isSettled) await machine.advanceAsync(STEP_MS)
  }
  await settle()
  return {
    lab,
    time,
    settle,
    page: (role: Role = 'presenter') => new TestPage(sessions, role, machine),
    /** Appends an event with arbitrary content. */
    note: (line: string) => lab.sequencer.append({ type: 'command', by: 'rest', line, output: [] }),
    events: (): readonly LabEvent[] => lab.sequencer.read(lab.sequencer.oldest, Number.MAX_SAFE_INTEGER),
  }
}

export class TestPage {
  /** Reason why the lab has closed the connection. */
  closed: readonly [CloseReason, string] | undefined
  /** Number of bytes that the page has not read, as the lab sees it. */
  waiting = 0
  /** Messages that arrived and that the test has not taken. */
  readonly #inbox: ServerMessage[] = []
  readonly #machine: Machine
  readonly #session: ReturnType<Sessions['open']>

  constructor(sessions: Sessions, role: Role, machine: Machine) {
    this.#machine = machine
    this.#session = sessions.open(this.#connection(), role)
  }

  #connection(): Connection {
    const waiting = () => this.waiting
    return {
      get waiting() {
        return waiting()
      },
      send: ({ text }) => void this.#inbox.push(JSON.parse(text)),
      close: (...why) => {
        this.closed = why
        this.hangUp()
      },
    }
  }

  send(message: unknown) {
    this.#session?.hear(typeof message === 'string' ? message : JSON.stringify(message))
  }

  join(has?: { lab: string; after: number }) {
    this.send({ type: 'join', version: PROTOCOL_VERSION, ...(has && { has }) })
  }

  /** Takes all messages that arrived. */
  taken(): ServerMessage[] {
    return this.#inbox.splice(0)
  }

  hangUp() {
    this.#session?.end()
  }

  /** Returns the next message of this type, advancing the time. Discards earlier messages of other types. */
  async next<Type extends ServerMessage['type']>(type: Type): Promise<Extract<ServerMessage, { type: Type }>> {
    for (const end = this.#machine.now() + PATIENCE_MS; this.#machine.now() < end; ) {
      const message = this.#inbox.shift()
      if (message?.type === type) return message as Extract<ServerMessage, { type: Type }>
      if (!message) await this.#machine.advanceAsync(STEP_MS)
    }
    throw new Error(`no '${type}' came`)
  }
}
