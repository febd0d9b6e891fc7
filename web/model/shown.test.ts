import { expect, test } from 'vitest'
import { quoted, shown, shownLines } from './shown.ts'

test('a plain text is shown unchanged, also one with accents, marks and pictures', () => {
  for (const text of ['hello', 'größer, 100 %', '日本', 'a\u0301', '👩‍🏫', '']) expect(shown(text)).toBe(text)
})

test('a text from right to left is isolated from the words around it', () => {
  expect(shown('שלום')).toBe('\u2068שלום\u2069')
  expect(quoted('مرحبا')).toBe('“\u2068مرحبا\u2069”')
})

test('a character that would reorder the words is an escape, within such a text too', () => {
  expect(shown('a\u202eb')).toBe('a\\u202eb')
  expect(shown('שלום\u2069\u202e')).toBe('\u2068שלום\\u2069\\u202e\u2069')
})

test('lines stay lines, and no character within one makes another', () => {
  expect(shownLines(['one', 'two\nthree'])).toBe('one\ntwo\\nthree')
})
