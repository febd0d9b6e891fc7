/** Calls the decoder of the user, and checks its results: it is a file of theirs, and may throw or return anything. */
import * as z from 'zod/mini'
import { MAX_SEQ } from '../../../shared/gossip/limits.ts'
import { portOf } from '../../../shared/gossip/origin.ts'
import type { Pair } from '../../../shared/gossip/wire.ts'
import { MAX_PROCESSES } from '../../../shared/model/lab-settings.ts'
import { formatMs } from '../../../shared/text/format.ts'
import { cut } from '../../../shared/text/words.ts'
import { now } from '../../platform/clock.ts'
import { TimeLimit, TookTooLong } from './time-limit.ts'

/** Takes the bytes of a datagram. Returns a rumor or a status; null if the datagram is in another format. */
export type WireDecoder = (bytes: Uint8Array) => unknown

/** A datagram that the decoder can read. `sender` is a UDP port. */
export type FromWire =
  | { readonly kind: 'rumor'; readonly origin: number; readonly seq: number; readonly text: string; sender?: number }
  | { readonly kind: 'status'; readonly pairs: readonly Pair[]; sender?: number }
  /** The decoder has read what makes no sense, so the program has sent it. */
  | { readonly kind: 'malformed'; readonly why: string; sender?: number }

const sender = z.optional(z.nullable(z.number()))
const result = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('rumor'), origin: z.number(), seq: z.number(), text: z.string(), sender }),
  z.object({ kind: z.literal('status'), pairs: z.array(z.tuple([z.number(), z.number()])), sender }),
])
type Result = z.output<typeof result>

/** Length of the words of an error that are shown, in characters. */
const MAX_WORDS = 200
/** Number of kinds of faults that are reported. */
const MAX_KINDS = 20

/** Longest time of one call, in ms: the lab waits for it. */
const CALL_LIMIT_MS = 1_000

export class WireFormat {
  readonly #limit = new TimeLimit(CALL_LIMIT_MS)
  #hasHung = false
  readonly #decode: WireDecoder
  readonly #rootId: number
  /** Kinds of faults that have been reported. */
  readonly #told = new Set<string>()

  constructor(decode: WireDecoder, rootId: number) {
    this.#decode = decode
    this.#rootId = rootId
  }

  /** Returns undefined when the decoder cannot read a datagram, or fails; `onFault` then gets the words, once a kind. */
  read(bytes: Uint8Array, onFault: (words: string) => void): FromWire | undefined {
    if (this.#hasHung) return undefined
    try {
      // A copy with a buffer of its own: the decoder may change it, or read it as a DataView from 0.
      const returned = this.#limit.run(() => this.#decode(Uint8Array.from(bytes)), now())
      if (returned === null || returned === undefined) return undefined
      return this.#interpret(check(returned, bytes.length))
    } catch (error) {
      if (error instanceof TookTooLong) this.#hasHung = true
      this.#tell(wordsOf(error), onFault)
      return undefined
    }
  }

  #interpret(read: Result): FromWire {
    const port = read.sender === null || read.sender === undefined ? undefined : this.#portOf(read.sender)
    const from = port !== undefined && isIn(port, 65_535) ? { sender: port } : {}
    if (read.kind === 'rumor') {
      const { seq, text } = read
      const origin = this.#portOf(read.origin)
      const why = whyNoPair([origin, seq])
      return why === undefined ? { kind: 'rumor', origin, seq, text, ...from } : { kind: 'malformed', why, ...from }
    }
    const pairs = read.pairs.map(([origin, seq]) => [this.#portOf(origin), seq] as const)
    const why = pairs.map(whyNoPair).find((one) => one !== undefined) ?? whyTwice(pairs)
    return why === undefined ? { kind: 'status', pairs, ...from } : { kind: 'malformed', why, ...from }
  }

  /** A program may name a node by its id. */
  #portOf(node: number): number {
    return Number.isInteger(node) && node >= 0 && node < MAX_PROCESSES ? this.#rootId + node : node
  }

  #tell(words: string, onFault: (words: string) => void) {
    // The same fault at another place of the datagram is no other kind.
    const kind = words.replace(/\d+/g, '0')
    if (this.#told.has(kind) || this.#told.size >= MAX_KINDS) return
    this.#told.add(kind)
    onFault(`the decoder of --wire ${words}. It is told once; such datagrams are shown undecoded`)
  }
}

/** The decoder returned what no decoder should. */
class Nonsense extends Error {}

/** @throws Nonsense that says what is wrong with a result. */
function check(returned: unknown, bytes: number): Result {
  if (returned instanceof Promise) {
    returned.catch(() => {})
    throw new Nonsense('returns a promise: it must return its result at once')
  }
  const read = result.safeParse(returned)
  if (!read.success) throw new Nonsense(`returns neither a rumor nor a status: ${whyNot(read.error)}`)
  if (read.data.kind === 'status' && read.data.pairs.length > bytes)
    throw new Nonsense('returns a status with more pairs than the datagram has bytes')
  return read.data
}

function whyNot({ issues: [issue] }: z.core.$ZodError): string {
  const place = issue?.path.join('.') ?? ''
  if (place === '') return 'the result is no object'
  return issue && 'expected' in issue ? `${place} is no ${issue.expected}` : `${place} is something else`
}

function wordsOf(error: unknown): string {
  if (error instanceof Nonsense) return error.message
  if (error instanceof TookTooLong) return `did not return within ${formatMs(CALL_LIMIT_MS)}, and is called no more`
  return `throws ${cut(error instanceof Error ? `${error.name}: ${error.message}` : 'something that is no error', MAX_WORDS)}`
}

const isIn = (value: number, most: number): boolean => Number.isInteger(value) && value >= 0 && value <= most

function whyNoPair([origin, seq]: Pair): string | undefined {
  if (!isIn(origin, MAX_SEQ) || portOf(origin) === 0) return `the origin is ${origin}, which is no port and no node`
  if (!isIn(seq, MAX_SEQ)) return `the number is ${seq}, and numbers are whole and begin at 0`
  return undefined
}

const whyTwice = (pairs: readonly Pair[]): string | undefined =>
  new Set(pairs.map(([origin]) => origin)).size < pairs.length ? 'an origin is named twice' : undefined
