/**
 * Converts the texts of messages between their two forms.
 *
 * The wire form is the very bytes between the brackets of a rumor. A node stores, compares and forwards these bytes, so
 * a foreign text reaches the next foreign node unchanged. A string represents them: UTF-8 as characters, and each byte
 * that is not UTF-8 as a lone surrogate, U+DC00 + byte (Python calls this surrogateescape). Both directions lose
 * nothing, so equal strings are equal bytes, and JSON carries them.
 *
 * The typed form is what people write and read. Only texts typed here are encoded; any text is decoded for display.
 */
import { MAX_TEXT_BYTES } from './limits.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()

/** Characters that are percent-encoded: punctuation of the format, the escape itself, and control characters. */
const RESERVED = /[%,:{}\p{Cc}]/gu
const ANY_RESERVED = /[%,:{}\p{Cc}]/u
/** With the flag u this matches lone surrogates only. */
const RAW_BYTE = /[\udc80-\udcff]/gu

/** Returns the wire form of a typed text. A plain word is byte for byte the report's format. */
export const encodeText = (typed: string): string =>
  ANY_RESERVED.test(typed) ? typed.replace(RESERVED, percent) : typed

/** Percent-encodes one character, or one byte that is not UTF-8. */
export function percent(character: string): string {
  let out = ''
  for (const byte of bytesOf(character)) out += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  return out
}

/**
 * Returns a text as people read it: undoes `encodeText` and only that, shows a byte that is not UTF-8 as %FF, and gives
 * an empty text, which only foreign programs send, a name.
 */
export function decodeText(wire: string): string {
  if (wire === '') return '(empty)'
  const text = showRawBytes(wire)
  if (!wire.includes('%')) return text
  return text.replace(/%C2%[89][0-9A-F]|%[0-7][0-9A-F]/gi, (escaped) => {
    const character = decodeURIComponent(escaped)
    return ANY_RESERVED.test(character) ? character : escaped
  })
}

/** Shows each byte of a wire form that is not UTF-8 as %FF, and leaves all else as it is. */
export const showRawBytes = (wire: string): string => (wire.isWellFormed() ? wire : wire.replace(RAW_BYTE, percent))

/** Returns why a typed text cannot be a message, or undefined when it can. */
export function textProblem(typed: string): string | undefined {
  if (typed.length === 0) return 'the text is empty'
  if (!typed.isWellFormed()) return 'the text is not valid Unicode'
  // A UTF-16 unit is three bytes at most, so most texts need no counting.
  if (3 * typed.length > MAX_TEXT_BYTES && byteLength(typed) > MAX_TEXT_BYTES)
    return `the text is longer than ${MAX_TEXT_BYTES} bytes`
  return undefined
}

/** Returns the length of a wire form, in bytes. */
export const byteLength = (wire: string): number => bytesOf(wire).length

/** Returns the bytes of a wire form. */
export function bytesOf(wire: string): Uint8Array {
  if (wire.isWellFormed()) return encoder.encode(wire)
  const bytes = new Uint8Array(3 * wire.length)
  let size = 0
  for (const part of wire.split(/([\udc80-\udcff])/u)) {
    if (part.length === 1 && !part.isWellFormed()) bytes[size++] = part.charCodeAt(0) & 0xff
    else size += encoder.encodeInto(part, bytes.subarray(size)).written
  }
  return bytes.subarray(0, size)
}

/** Returns the string that represents these bytes; `bytesOf` gives them back. */
export function stringOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    return stringOfAny(bytes)
  }
}

function stringOfAny(bytes: Uint8Array): string {
  let wire = ''
  let start = 0
  for (let at = 0; at < bytes.length; ) {
    const length = characterAt(bytes, at)
    if (length === 0) {
      wire += utf8.decode(bytes.subarray(start, at)) + String.fromCharCode(0xdc00 + (bytes[at] ?? 0))
      start = at + 1
    }
    at += Math.max(1, length)
  }
  return wire + utf8.decode(bytes.subarray(start))
}

/** Returns the length of the UTF-8 character that begins here, in bytes; 0 if there is none (Unicode, table 3-7). */
function characterAt(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0
  if (lead < 0x80) return 1
  if (lead < 0xc2 || lead > 0xf4) return 0
  const second = bytes[at + 1] ?? 0
  const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  if (second < lowest || second > highest) return 0
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  for (let next = at + 2; next < at + length; next += 1) if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return 0
  return length
}
