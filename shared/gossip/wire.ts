/**
 * Datagrams as text (report, Message Structure):
 *
 *     rumor:<SenderPort>:{<MessageText>,<OriginPort>,<SequenceNumber>}
 *     status:<SenderPort>:{<OriginPort1>:<Seq1>,<OriginPort2>:<Seq2>,...}
 *
 * Every datagram is input from a stranger: it is parsed whole, or rejected with the reason.
 */
import { MAX_DATAGRAM_BYTES, MAX_SEQ, MAX_STATUS_BYTES, MAX_WIRE_TEXT_BYTES, partialStatusBytes } from './limits.ts'
import { type Origin, portOf } from './origin.ts'
import { bytesOf, stringOf } from './text.ts'

export interface Rumor {
  readonly kind: 'rumor'
  /** UDP port of the node that forwards the rumor; answers go there. */
  readonly sender: number
  readonly origin: Origin
  readonly seq: number
  /** The text in its wire form: the bytes that came, or `encodeText` of a typed text. */
  readonly text: string
}

/** An origin and its lowest sequence number not yet seen, which equals the number of contiguous messages. */
export type Pair = readonly [origin: Origin, lowestNotSeen: number]

export interface Status {
  readonly kind: 'status'
  readonly sender: number
  readonly pairs: readonly Pair[]
  /** Whether the status may be one of several: an origin that it does not name is then unknown, not absent. */
  readonly partial: boolean
}

export type Datagram = Rumor | Status
export interface Malformed {
  readonly kind: 'malformed'
  readonly why: string
}

/** Returns a datagram as text; `bytesOf` turns it into bytes. */
export function encodeDatagram(datagram: Datagram): string {
  if (datagram.kind === 'rumor') return `rumor:${datagram.sender}:{${datagram.text},${datagram.origin},${datagram.seq}}`
  return `status:${datagram.sender}:{${datagram.pairs.map(formatPair).join(',')}}`
}

const formatPair = ([origin, seq]: Pair) => `${origin}:${seq}`

/** Returns one status, or several of even length where one would be longer than `longest`, in bytes. */
export function splitStatus(sender: number, pairs: readonly Pair[], longest = MAX_STATUS_BYTES): Status[] {
  const bytes = pairs.reduce((sum, pair) => sum + formatPair(pair).length + 1, 'status:65535:{}'.length)
  const parts = Math.ceil(bytes / (longest - 32))
  if (parts <= 1) return [{ kind: 'status', sender, pairs, partial: bytes >= partialStatusBytes(longest) }]
  const statuses: Status[] = []
  let part: Pair[] = []
  let size = 0
  for (const pair of pairs) {
    part.push(pair)
    size += formatPair(pair).length + 1
    if (size >= bytes / parts) {
      statuses.push({ kind: 'status', sender, pairs: part, partial: true })
      part = []
      size = 0
    }
  }
  if (part.length > 0) statuses.push({ kind: 'status', sender, pairs: part, partial: true })
  return statuses
}

/**
 * Parses the bytes of one datagram. `longestStatus` is the length at which the sender splits statuses, in bytes. Never
 * throws.
 */
export function parseDatagram(bytes: Uint8Array, longestStatus = MAX_STATUS_BYTES): Datagram | Malformed {
  if (bytes.length > MAX_DATAGRAM_BYTES) return malformed('longer than a datagram can be')
  if (beginsWith(bytes, RUMOR)) return parseRumor(bytes)
  if (beginsWith(bytes, STATUS)) return parseStatus(bytes, longestStatus)
  return malformed('neither rumor nor status')
}

const malformed = (why: string): Malformed => ({ kind: 'malformed', why })

const RUMOR = bytesOf('rumor:')
const STATUS = bytesOf('status:')
const [COLON = 0, OPEN = 0, COMMA = 0, CLOSE = 0, ZERO = 0] = bytesOf(':{,}0')
const MAX_DIGITS = `${MAX_SEQ}`.length

// Uses plain loops: a Buffer's own search runs so much code that it takes 3 us in a process that has just woken up.

function beginsWith(bytes: Uint8Array, start: Uint8Array): boolean {
  for (let at = 0; at < start.length; at += 1) if (bytes[at] !== start[at]) return false
  return true
}

/** Returns the first index at or after `from`, or -1. */
function indexOf(bytes: Uint8Array, byte: number, from: number): number {
  for (let at = from; at < bytes.length; at += 1) if (bytes[at] === byte) return at
  return -1
}

/** Returns the last index at or before `from`, or -1. */
function lastIndexOf(bytes: Uint8Array, byte: number, from: number): number {
  let at = from
  while (at >= 0 && bytes[at] !== byte) at -= 1
  return at
}

/**
 * Parses from the right: the last two commas end the text, which may be any bytes, commas and brackets included.
 *
 * Does not slice one string of the whole datagram: such a slice would keep all of it in memory, for as long as the
 * message is stored.
 */
function parseRumor(bytes: Uint8Array): Rumor | Malformed {
  const end = bytes.length - 1
  const open = indexOf(bytes, OPEN, RUMOR.length)
  const secondComma = lastIndexOf(bytes, COMMA, end)
  const firstComma = lastIndexOf(bytes, COMMA, secondComma - 1)
  if (open < 0 || bytes[open - 1] !== COLON || secondComma <= 0 || firstComma < open || bytes[end] !== CLOSE)
    return malformed('not rumor:<port>:{<text>,<origin>,<number>}')
  const sender = portIn(bytes, RUMOR.length, open - 1)
  const origin = originIn(bytes, firstComma + 1, secondComma)
  const seq = numberIn(bytes, secondComma + 1, end)
  if (sender === undefined) return malformed('the sender is not a port')
  if (origin === undefined) return malformed('the origin is not a port of any generation')
  if (seq === undefined) return malformed('the sequence number is not one, or out of range')
  const text = bytes.subarray(open + 1, firstComma)
  if (text.length > MAX_WIRE_TEXT_BYTES) return malformed(`the text is longer than ${MAX_WIRE_TEXT_BYTES} bytes`)
  return { kind: 'rumor', sender, origin, seq, text: stringOf(text) }
}

function parseStatus(bytes: Uint8Array, longest: number): Status | Malformed {
  const end = bytes.length - 1
  const open = indexOf(bytes, OPEN, STATUS.length)
  if (open < 0 || bytes[open - 1] !== COLON || bytes[end] !== CLOSE)
    return malformed('not status:<port>:{<origin>:<number>,...}')
  const sender = portIn(bytes, STATUS.length, open - 1)
  if (sender === undefined) return malformed('the sender is not a port')
  const pairs = new Map<Origin, number>()
  const isEmpty = open + 1 === end
  for (let at = open + 1; at <= end && !isEmpty; ) {
    const comma = indexOf(bytes, COMMA, at)
    const stop = comma < 0 ? end : comma
    const colon = indexOf(bytes, COLON, at)
    const origin = originIn(bytes, at, colon)
    const seq = numberIn(bytes, colon + 1, stop)
    if (origin === undefined || seq === undefined) return malformed('a pair is not <origin>:<number>')
    if (pairs.has(origin)) return malformed('an origin is named twice')
    pairs.set(origin, seq)
    at = stop + 1
  }
  return { kind: 'status', sender, pairs: [...pairs], partial: bytes.length >= partialStatusBytes(longest) }
}

/** Parses a plain number without leading zeros, as every program prints it. Returns undefined for anything else. */
function numberIn(bytes: Uint8Array, start: number, end: number): number | undefined {
  const digits = end - start
  if (digits < 1 || digits > MAX_DIGITS || (digits > 1 && bytes[start] === ZERO)) return undefined
  let value = 0
  for (let at = start; at < end; at += 1) {
    const digit = (bytes[at] ?? 0) - ZERO
    if (digit < 0 || digit > 9) return undefined
    value = value * 10 + digit
  }
  return value <= MAX_SEQ ? value : undefined
}

function portIn(bytes: Uint8Array, start: number, end: number): number | undefined {
  const port = numberIn(bytes, start, end)
  return port !== undefined && port >= 1 && port <= 65_535 ? port : undefined
}

function originIn(bytes: Uint8Array, start: number, end: number): Origin | undefined {
  const origin = numberIn(bytes, start, end)
  return origin !== undefined && portOf(origin) >= 1 ? origin : undefined
}
