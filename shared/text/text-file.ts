/** Reads text files from outside whole, or refuses them with the place that cannot be read. */
import { stringOf } from '../gossip/text.ts'
import { visible } from './visible.ts'

export type TextFile =
  | { readonly ok: true; readonly text: string }
  /** `line` and `column` count from 1. */
  | { readonly ok: false; readonly line: number; readonly column: number; readonly error: string }

/** With the flag u this matches lone surrogates only: bytes that are not UTF-8. See `stringOf`. */
const RAW_BYTE = /[\udc80-\udcff]/u

/** Reads UTF-8. Never replaces invalid bytes silently. */
export function readText(bytes: Uint8Array): TextFile {
  if (isUtf16(bytes)) return { ok: false, line: 1, column: 1, error: 'the file is UTF-16: save it as UTF-8' }
  const text = stringOf(bytes)
  const at = text.search(RAW_BYTE)
  if (at < 0) return { ok: true, text }
  const before = text.slice(0, at).split('\n')
  const error = `the byte ${visible(text.charAt(at))} is not UTF-8: save the file as UTF-8`
  return { ok: false, line: before.length, column: (before.at(-1)?.length ?? 0) + 1, error }
}

/** Recognizes UTF-16 by its byte order mark. */
const isUtf16 = ([first, second]: Uint8Array): boolean =>
  (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
