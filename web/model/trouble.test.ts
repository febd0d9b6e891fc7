import { expect, test } from 'vitest'
import { InWords, makingTrouble, readingTrouble } from './trouble.ts'

test('a browser’s error about a file is explained in plain words, and kept for developers', () => {
  const { words, technical } = readingTrouble(new DOMException('A requested file could not be found', 'NotFoundError'))
  expect(words).toMatch(/folder, or it was moved or deleted.*Choose the file again/)
  expect(technical).toMatch(/NotFoundError/)
})

test('an unforeseen error is explained in plain words too', () => {
  const error = new TypeError("Cannot read properties of undefined (reading 'slice')")
  for (const { words, technical } of [readingTrouble(error), makingTrouble(error)]) {
    expect(words).not.toMatch(/undefined|TypeError/)
    expect(technical).toMatch(/undefined/)
  }
})

test('an error with its own explanation stays unchanged', () => {
  expect(makingTrouble(new InWords('The lab does not answer.'))).toEqual({ words: 'The lab does not answer.' })
})
