/**
 * Datagrams as text (report, Message Structure):
 *
 *     rumor:<SenderPort>:{<MessageText>,<OriginPort>,<SequenceNumber>}
 *     status:<SenderPort>:{<OriginPort1>:<Seq1>,<OriginPort2>:<Seq2>,...}
 *
 * Every datagram is input from a stranger: it is parsed whole, or refused with the reason.
 */
import { MAX_DATAGRAM_BYTES, MAX_SEQ, MAX_STATUS_BYTES, MAX_TEXT_BYTES, PARTIAL_STATUS_BYTES } from './limits.ts'
import { type Origin, portOf } from './origin.ts'

export interface Rumor {
  readonly kind: 'rumor'
  /** UDP port of the node that passes it on; answers go there. */
  readonly sender: number
  readonly origin: Origin
  readonly seq: number
  readonly text: string
}

/** An origin and the lowest sequence number not yet seen from it: how many contiguous messages are held. */
export type Pair = readonly [origin: Origin, lowestNotSeen: number]

export interface Status {
  readonly kind: 'status'
  readonly sender: number
  readonly pairs: readonly Pair[]
  /** It may be one of several: an origin that it does not name is unknown, not absent. */
  readonly partial: boolean
}

export type Datagram = Rumor | Status
export interface Malformed {
  readonly kind: 'malformed'
  readonly why: string
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const bytesOf = new TextEncoder()

/** Length in UTF-8 bytes. */
export const byteLength = (text: string): number => bytesOf.encode(text).length

/** What may not stand raw in a text: the format's own punctuation, the escape itself, and control characters. */
const RESERVED = /[%,:{}\p{Cc}]/gu

/** Percent-encodes what is reserved; a plain word is byte for byte the report's format. */
export const encodeText = (text: string): string => text.replace(RESERVED, percent)

function percent(character: string): string {
  let out = ''
  for (const byte of bytesOf.encode(character)) out += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  return out
}

/**
 * Undoes `encodeText`, and only what it does: a foreign program that sends `100%` or `a%41` means just that, and
 * re-encoding it gives every reader the same text again.
 */
export function decodeText(wire: string): string {
  if (!wire.includes('%')) return wire
  return wire.replace(/%C2%[89][0-9A-F]|%[0-7][0-9A-F]/gi, (escaped) => {
    const character = decodeURIComponent(escaped)
    return character.match(RESERVED) ? character : escaped
  })
}

/** Why a text cannot be a message, or undefined when it can. */
export function textProblem(text: string): string | undefined {
  if (text.length === 0) return 'the text is empty'
  if (!text.isWellFormed()) return 'the text is not valid Unicode'
  // A UTF-16 unit is three bytes at most, so most texts need no counting.
  if (3 * text.length > MAX_TEXT_BYTES && byteLength(text) > MAX_TEXT_BYTES)
    return `the text is longer than ${MAX_TEXT_BYTES} bytes`
  return undefined
}

export function encodeDatagram(datagram: Datagram): string {
  if (datagram.kind === 'rumor')
    return `rumor:${datagram.sender}:{${encodeText(datagram.text)},${datagram.origin},${datagram.seq}}`
  return `status:${datagram.sender}:{${datagram.pairs.map(formatPair).join(',')}}`
}

const formatPair = ([origin, seq]: Pair) => `${origin}:${seq}`

/** One status, or several of even length where one would not fit a datagram. */
export function splitStatus(sender: number, pairs: readonly Pair[]): Status[] {
  const bytes = pairs.reduce((sum, pair) => sum + formatPair(pair).length + 1, 'status:65535:{}'.length)
  const parts = Math.ceil(bytes / (MAX_STATUS_BYTES - 32))
  if (parts <= 1) return [{ kind: 'status', sender, pairs, partial: bytes >= PARTIAL_STATUS_BYTES }]
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

/** Reads the bytes of one datagram. Never throws. */
export function parseDatagram(bytes: Uint8Array): Datagram | Malformed {
  if (bytes.length > MAX_DATAGRAM_BYTES) return malformed('longer than a datagram can be')
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    return malformed('not UTF-8')
  }
  if (text.startsWith('rumor:')) return parseRumor(text)
  if (text.startsWith('status:')) return parseStatus(text, bytes.length)
  return malformed('neither rumor nor status')
}

const malformed = (why: string): Malformed => ({ kind: 'malformed', why })

const RUMOR = /^rumor:(\d{1,5}):\{([^,:{}\p{Cc}]*),(\d{1,10}),(\d{1,10})\}$/u
const RUMOR_BUT_FOR_ITS_TEXT = /^rumor:\d{1,5}:\{[^,{}]*,\d{1,10},\d{1,10}\}$/
const STATUS = /^status:(\d{1,5}):\{([\d:,]*)\}$/

function parseRumor(datagram: string): Rumor | Malformed {
  const match = RUMOR.exec(datagram)
  if (!match && RUMOR_BUT_FOR_ITS_TEXT.test(datagram)) return malformed('the text holds a reserved character')
  if (!match) return malformed('not rumor:<port>:{<text>,<origin>,<number>}')
  const [, senderText = '', wireText = '', originText = '', seqText = ''] = match
  const sender = parsePort(senderText)
  const origin = parseOrigin(originText)
  const seq = parseNumber(seqText)
  if (sender === undefined) return malformed('the sender is not a port')
  if (origin === undefined) return malformed('the origin is not a port of any generation')
  if (seq === undefined) return malformed('the sequence number is out of range')
  const text = decodeText(wireText)
  const problem = textProblem(text)
  if (problem !== undefined) return malformed(problem)
  return { kind: 'rumor', sender, origin, seq, text }
}

function parseStatus(datagram: string, bytes: number): Status | Malformed {
  const match = STATUS.exec(datagram)
  if (!match) return malformed('not status:<port>:{<origin>:<number>,...}')
  const [, senderText = '', list = ''] = match
  const sender = parsePort(senderText)
  if (sender === undefined) return malformed('the sender is not a port')
  const pairs = new Map<Origin, number>()
  for (const pair of list === '' ? [] : list.split(',')) {
    const colon = pair.indexOf(':')
    const origin = parseOrigin(pair.slice(0, colon))
    const seq = parseNumber(pair.slice(colon + 1))
    if (colon < 0 || origin === undefined || seq === undefined) return malformed('a pair is not <origin>:<number>')
    if (pairs.has(origin)) return malformed('an origin is named twice')
    pairs.set(origin, seq)
  }
  return { kind: 'status', sender, pairs: [...pairs], partial: bytes >= PARTIAL_STATUS_BYTES }
}

const NUMBER = /^(0|[1-9]\d{0,9})$/

/** A plain number without leading zeros, as every program prints it. */
function parseNumber(text: string): number | undefined {
  if (!NUMBER.test(text)) return undefined
  const value = Number(text)
  return value <= MAX_SEQ ? value : undefined
}

function parsePort(text: string): number | undefined {
  const port = parseNumber(text)
  return port !== undefined && port >= 1 && port <= 65_535 ? port : undefined
}

function parseOrigin(text: string): Origin | undefined {
  const origin = parseNumber(text)
  return origin !== undefined && portOf(origin) >= 1 ? origin : undefined
}
