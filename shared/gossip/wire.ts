/**
 * Datagrams as text (report, Message Structure):
 *
 *     rumor:<SenderPort>:{<MessageText>,<OriginPort>,<SequenceNumber>}
 *     status:<SenderPort>:{<OriginPort1>:<Seq1>,<OriginPort2>:<Seq2>,...}
 *
 * A neighbour whose statuses offer to take them also gets several rumors in one datagram (docs/protocol.md, Batches):
 *
 *     rumors:<SenderPort>:{<Bytes1>:<MessageText1>,<OriginPort1>,<SequenceNumber1>;<Bytes2>:...}
 *
 * Every datagram is input from a stranger: it is parsed whole, or rejected with the reason.
 */
import {
  MAX_BATCH_BYTES,
  MAX_BATCH_RUMORS,
  MAX_DATAGRAM_BYTES,
  MAX_SEQ,
  MAX_STATUS_BYTES,
  MAX_WIRE_TEXT_BYTES,
  partialStatusBytes,
} from './limits.ts'
import { type Origin, originOf, portOf } from './origin.ts'
import { byteLength, bytesOf, stringOf } from './text.ts'

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
  /** Whether the sender offers to take batches. */
  readonly takesBatches?: true
}

/** Several rumors of one sender in one datagram. */
export interface Batch {
  readonly kind: 'batch'
  readonly sender: number
  readonly rumors: readonly Rumor[]
}

export type Datagram = Rumor | Status | Batch

/** Returns the number of rumors in a datagram. */
export const rumorCount = (datagram: Datagram): number =>
  datagram.kind === 'batch' ? datagram.rumors.length : datagram.kind === 'rumor' ? 1 : 0

export function rumorsIn(datagram: Datagram): readonly Rumor[] {
  if (datagram.kind === 'batch') return datagram.rumors
  return datagram.kind === 'rumor' ? [datagram] : []
}

export interface Malformed {
  readonly kind: 'malformed'
  readonly why: string
}

/** Returns a datagram as text; `bytesOf` turns it into bytes. */
export function encodeDatagram(datagram: Datagram): string {
  if (datagram.kind === 'rumor') return `rumor:${datagram.sender}:{${datagram.text},${datagram.origin},${datagram.seq}}`
  if (datagram.kind === 'batch') return `rumors:${datagram.sender}:{${datagram.rumors.map(formatInBatch).join(';')}}`
  const mark = datagram.takesBatches ? [[batchMark(datagram.sender), 0] as const] : []
  return `status:${datagram.sender}:{${[...datagram.pairs, ...mark].map(formatPair).join(',')}}`
}

/** Puts the length before the text, which may be any bytes. */
const formatInBatch = ({ text, origin, seq }: Pick<Rumor, 'text' | 'origin' | 'seq'>) =>
  `${byteLength(text)}:${text},${origin},${seq}`

/** Returns the number of bytes that a rumor adds to a batch. */
export const bytesInBatch = (rumor: Pick<Rumor, 'text' | 'origin' | 'seq'>): number =>
  byteLength(formatInBatch(rumor)) + 1

/**
 * Returns the origin that a status names at 0 to offer that its sender takes batches. In the report's format it is an
 * origin without messages. Each sender has its own, so a program that repeats the origins of others offers nothing.
 * No node has the ports 1 and 2, because the operating system reserves them.
 */
const batchMark = (sender: number): Origin => originOf(1 + (sender & 1), sender >> 1)

const formatPair = ([origin, seq]: Pair) => `${origin}:${seq}`

/** Returns one status, or several of even length where one would be longer than `longest`, in bytes. */
export function splitStatus(
  sender: number,
  pairs: readonly Pair[],
  longest = MAX_STATUS_BYTES,
  takesBatches = false,
): Status[] {
  const mark = takesBatches ? ({ takesBatches } as const) : {}
  const bytes = pairs.reduce((sum, pair) => sum + formatPair(pair).length + 1, 'status:65535:{}'.length)
  const parts = Math.ceil(bytes / (longest - ROOM_IN_PART))
  if (parts <= 1) return [{ kind: 'status', sender, pairs, partial: bytes >= partialStatusBytes(longest), ...mark }]
  const statuses: Status[] = []
  let part: Pair[] = []
  let size = 0
  for (const pair of pairs) {
    part.push(pair)
    size += formatPair(pair).length + 1
    if (size >= bytes / parts) {
      statuses.push({ kind: 'status', sender, pairs: part, partial: true, ...mark })
      part = []
      size = 0
    }
  }
  if (part.length > 0) statuses.push({ kind: 'status', sender, pairs: part, partial: true, ...mark })
  return statuses
}

/** Bytes that each part of a status keeps free: for one more pair, and for the offer to take batches. */
const ROOM_IN_PART = 48

/**
 * Parses the bytes of one datagram. `longestStatus` is the length at which the sender splits statuses, in bytes. Never
 * throws.
 */
export function parseDatagram(bytes: Uint8Array, longestStatus = MAX_STATUS_BYTES): Datagram | Malformed {
  if (bytes.length > MAX_DATAGRAM_BYTES) return malformed('longer than a datagram may be')
  if (beginsWith(bytes, RUMOR)) return parseRumor(bytes)
  if (beginsWith(bytes, STATUS)) return parseStatus(bytes, longestStatus)
  if (beginsWith(bytes, BATCH)) return parseBatch(bytes)
  return malformed('neither rumor nor status')
}

const malformed = (why: string): Malformed => ({ kind: 'malformed', why })

const RUMOR = bytesOf('rumor:')
const STATUS = bytesOf('status:')
const BATCH = bytesOf('rumors:')
const [COLON = 0, OPEN = 0, COMMA = 0, CLOSE = 0, SEMICOLON = 0, ZERO = 0] = bytesOf(':{,};0')
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
  if (seq === undefined) return malformed('the sequence number is not a number, or out of range')
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
  const mark = batchMark(sender)
  const takesBatches = pairs.get(mark) === 0 && pairs.delete(mark)
  const status = {
    kind: 'status',
    sender,
    pairs: [...pairs],
    partial: bytes.length >= partialStatusBytes(longest),
  } as const
  return takesBatches ? { ...status, takesBatches } : status
}

/** Parses from the left, by the lengths of the texts, which may be any bytes. */
function parseBatch(bytes: Uint8Array): Batch | Malformed {
  const end = bytes.length - 1
  const open = indexOf(bytes, OPEN, BATCH.length)
  if (open < 0 || bytes[open - 1] !== COLON || bytes[end] !== CLOSE)
    return malformed('not rumors:<port>:{<bytes>:<text>,<origin>,<number>;...}')
  if (bytes.length > MAX_BATCH_BYTES) return malformed(`several rumors in more than ${MAX_BATCH_BYTES} bytes`)
  const sender = portIn(bytes, BATCH.length, open - 1)
  if (sender === undefined) return malformed('the sender is not a port')
  const rumors: Rumor[] = []
  for (let at = open + 1; at <= end; ) {
    const colon = indexOf(bytes, COLON, at)
    const textEnd = colon + 1 + (numberIn(bytes, at, colon) ?? bytes.length)
    const comma = indexOf(bytes, COMMA, textEnd + 1)
    const semicolon = indexOf(bytes, SEMICOLON, textEnd + 1)
    const stop = semicolon < 0 ? end : semicolon
    const origin = originIn(bytes, textEnd + 1, comma)
    const seq = numberIn(bytes, comma + 1, stop)
    if (bytes[textEnd] !== COMMA || origin === undefined || seq === undefined)
      return malformed('a rumor is not <bytes>:<text>,<origin>,<number>')
    if (rumors.length >= MAX_BATCH_RUMORS) return malformed(`more than ${MAX_BATCH_RUMORS} rumors`)
    rumors.push({ kind: 'rumor', sender, origin, seq, text: stringOf(bytes.subarray(colon + 1, textEnd)) })
    at = stop + 1
  }
  return { kind: 'batch', sender, rumors }
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
