import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_TEXT_BYTES } from './limits.ts'
import { byteLength, bytesOf, decodeText, encodeText, stringOf, textProblem } from './text.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const typed = fc
  .oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('__proto__', '%25', 'a%41', '{,:}%'),
  )
  .filter((text) => textProblem(text) === undefined)

/** Bytes that look like UTF-8 for a while. */
const bytes = fc.oneof(
  fc.uint8Array(),
  fc
    .array(fc.oneof(fc.constantFrom(0x41, 0x7f, 0x80, 0xbf, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xff), fc.nat(255)))
    .map((list) => Uint8Array.from(list)),
  fc.tuple(fc.string({ unit: 'binary' }), fc.nat(40)).map(([text, cut]) => bytesOf(text).subarray(cut)),
)

describe('a typed text', () => {
  test('is sent with the punctuation of the format, the escape itself and control characters percent-encoded', () => {
    expect(encodeText('a,b:c{d}e%f\n\u0000\u007f\u0085')).toBe('a%2Cb%3Ac%7Bd%7De%25f%0A%00%7F%C2%85')
  })

  test('is decoded to the same text, and its wire form has no reserved character', () => {
    fc.assert(
      fc.property(typed, (text) => {
        expect(decodeText(encodeText(text))).toBe(text)
        expect(encodeText(text)).not.toMatch(/[,:{}\p{Cc}]/u)
      }),
      { numRuns: 500 },
    )
  })

  test('is refused when it is empty, no valid Unicode, or too long in bytes though not in characters', () => {
    expect(textProblem('')).toMatch(/empty/)
    expect(textProblem('\ud800')).toMatch(/Unicode/)
    expect(textProblem('🦜'.repeat(MAX_TEXT_BYTES / 4))).toBeUndefined()
    expect(textProblem(`${'🦜'.repeat(MAX_TEXT_BYTES / 4)}x`)).toMatch(/longer/)
  })
})

describe('a text from a foreign program', () => {
  test('is shown as it is if our encoding would differ', () => {
    for (const text of ['100%', '%', '50%off', 'a%41', '%zz', '%C3%A9', '%E2%80%A8', 'a,b', '{}', 'a\tb'])
      expect(decodeText(text)).toBe(text)
    expect(decodeText('a%2cb')).toBe('a,b')
    expect(decodeText('')).toBe('(empty)')
  })

  test('is stored without loss, whatever its bytes: equal strings are equal bytes', () => {
    fc.assert(
      fc.property(bytes, (it) => {
        expect(bytesOf(stringOf(it))).toEqual(it)
        expect(byteLength(stringOf(it))).toBe(it.length)
      }),
      { numRuns: 2_000 },
    )
  })

  test('is a string like any other if it is UTF-8', () => {
    fc.assert(
      fc.property(bytes, (it) => {
        let text: string | undefined
        try {
          text = utf8.decode(it)
        } catch {}
        expect(stringOf(it).isWellFormed()).toBe(text !== undefined)
        if (text !== undefined) expect(stringOf(it)).toBe(text)
      }),
      { numRuns: 2_000 },
    )
  })

  test('shows each byte that is not UTF-8, between the characters that are', () => {
    const text = stringOf(Uint8Array.of(...bytesOf('é'), 0xff, 0xe2, 0x82, ...bytesOf('€a')))
    expect(decodeText(text)).toBe('é%FF%E2%82€a')
    expect(JSON.parse(JSON.stringify(text))).toBe(text)
  })
})
