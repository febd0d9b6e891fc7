/** Shows a datagram of a program twice: its bytes as they were sent, and the fields that the lab reads from them. */
import { formatOrigin } from '../../shared/gossip/origin.ts'
import { messagesIn } from '../../shared/model/content.ts'
import type { AnyContent } from '../../shared/model/event.ts'
import type { LabState } from '../../shared/model/lab-state.ts'
import { messageName, portName } from '../../shared/model/names.ts'
import { shorten } from '../../shared/text/words.ts'
import { quoted, shown } from './shown.ts'

/** Bytes in one row. */
const ROW_BYTES = 8
/** Number of pairs of a status that are shown. */
const MOST_PAIRS = 24

export interface ByteRow {
  /** Place of the first byte of the row. */
  readonly place: number
  readonly hex: string
  /** The bytes as ASCII, with a dot for each that is no printable character. */
  readonly text: string
}

/** `head` is in base64. */
export function byteRows(head: string): readonly ByteRow[] {
  const bytes = Array.from(atob(head), (character) => character.charCodeAt(0))
  return Array.from({ length: Math.ceil(bytes.length / ROW_BYTES) }, (_, row) => {
    const part = bytes.slice(row * ROW_BYTES, (row + 1) * ROW_BYTES)
    return {
      place: row * ROW_BYTES,
      hex: part.map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
      text: part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join(''),
    }
  })
}

export type Field = readonly [term: string, words: string]

/** Returns what the lab reads from a datagram. */
export function fieldsOf(content: AnyContent, lab: LabState): readonly Field[] {
  switch (content.kind) {
    case 'rumor':
      return [
        ['kind', 'rumor'],
        ...messagesIn(content).map((one) => [messageName(one, lab), textOf(one, lab)] as const),
      ]
    case 'status': {
      const pairs = content.pairs
        .slice(0, MOST_PAIRS)
        .map(([origin, low]) => [originName(origin, lab), `${low}`] as const)
      const more = content.pairs.length > MOST_PAIRS ? [['more', `${content.pairs.length - MOST_PAIRS}`] as const] : []
      return [['kind', 'status: next number of each node, as the program counts'], ...pairs, ...more]
    }
    case 'malformed':
      return [
        ['kind', 'malformed, as sent by your program'],
        ...(content.why === undefined ? [] : [['fault', shown(content.why)] as const]),
      ]
    case 'undecoded':
      return [['kind', 'not decoded'], ...textsIn(content, lab).map((text) => ['contains', quoted(text)] as const)]
  }
}

/** Returns the known texts that an undecoded datagram contains. */
export const textsIn = ({ carries }: Extract<AnyContent, { kind: 'undecoded' }>, lab: LabState): readonly string[] =>
  carries.flatMap(([origin, seq]) => {
    const text = lab.messages[lab.places[origin]?.[seq] ?? -1]?.text
    return text === undefined ? [] : [shorten(text)]
  })

const originName = (origin: number, lab: LabState): string => {
  const name = portName(origin, lab)
  return name.startsWith('port') ? `port ${formatOrigin(origin)}` : name
}

const textOf = ({ origin, seq }: { readonly origin: number; readonly seq: number }, lab: LabState): string =>
  quoted(shorten(lab.messages[lab.places[origin]?.[seq] ?? -1]?.text ?? ''))
