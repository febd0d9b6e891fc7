import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_LINE_BYTES } from '../../shared/language/command.ts'
import { visible } from '../../shared/text/visible.ts'
import { LineSplitter } from './line-splitter.ts'

function split(chunks: readonly (string | Uint8Array)[]) {
  const bad: string[] = []
  const splitter = new LineSplitter((why, start) => bad.push(`${why}: ${visible(start)}`))
  const lines = chunks.flatMap((chunk) => [...splitter.lines(Buffer.from(chunk))])
  return { lines, bad }
}

describe('a line', () => {
  test('may come in several segments, several lines in one', () => {
    expect(split(['msg 1 he', 'llo\nmsg 2 bye\ncr', 'ash\n']).lines).toEqual(['msg 1 hello', 'msg 2 bye', 'crash'])
  })

  test('may be cut within a character', () => {
    const bytes = Buffer.from('msg 1 żółć 🦜\n')
    const one = Array.from(bytes, (byte) => Uint8Array.of(byte))
    expect(split(one)).toEqual({ lines: ['msg 1 żółć 🦜'], bad: [] })
  })

  test('ends in \\n or \\r\\n, and a \\r within it stays', () => {
    expect(split(['a\r\nb\rc\n', 'd\r', '\n']).lines).toEqual(['a', 'b\rc', 'd'])
  })

  test('does not exist before its end', () => {
    expect(split(['msg 1 hello']).lines).toEqual([])
  })

  test('may be empty', () => {
    expect(split(['\n\n']).lines).toEqual(['', ''])
  })

  test('that is not UTF-8 is reported, and the next one is read', () => {
    const bytes = Uint8Array.of(0x6d, 0xff, 0xfe, 10)
    expect(split([bytes, 'crash\n'])).toEqual({ lines: ['crash'], bad: ['not UTF-8: m\\xff\\xfe'] })
  })

  test('of the maximum length is read', () => {
    const longest = 'x'.repeat(MAX_LINE_BYTES)
    expect(split([`${longest}\n`])).toEqual({ lines: [longest], bad: [] })
  })

  test('that is too long is reported once and discarded up to its end', () => {
    const part = 'x'.repeat(MAX_LINE_BYTES)
    const { lines, bad } = split([part, part, part, 'end\nmsg 1 hello\n'])
    expect(lines).toEqual(['msg 1 hello'])
    expect(bad).toEqual([`longer than ${MAX_LINE_BYTES} bytes: ${'x'.repeat(40)}`])
  })
})

test('wherever the segments are cut, the lines are the same', () => {
  const text = fc.string({ unit: fc.constantFrom('a', ' ', ',', '\0', 'ż', '€', '🦜'), maxLength: 12 })
  const anyCuts = fc.array(fc.nat(), { maxLength: 30 })
  fc.assert(
    fc.property(fc.array(text, { maxLength: 8 }), anyCuts, (lines, cuts) => {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
      const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
      const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end))
      expect(split(chunks)).toEqual({ lines, bad: [] })
    }),
  )
})

test('every end of line gives a line or a complaint, whatever the bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (chunks) => {
      const ends = Buffer.concat(chunks).filter((byte) => byte === 10).length
      const { lines, bad } = split(chunks)
      expect(lines.length + bad.length).toBe(ends)
    }),
  )
})
