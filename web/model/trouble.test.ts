import { expect, test } from 'vitest'
import { InWords, makingTrouble, readingTrouble } from './trouble.ts'

test('what a browser says of a file is told in plain words, and kept for whoever mends it', () => {
  const { words, technical } = readingTrouble(new DOMException('A requested file could not be found', 'NotFoundError'))
  expect(words).toMatch(/folder, or was moved or deleted.*Choose the file again/)
  expect(technical).toMatch(/NotFoundError/)
})

test('what nobody has foreseen is said in plain words too', () => {
  const error = new TypeError("Cannot read properties of undefined (reading 'slice')")
  for (const { words, technical } of [readingTrouble(error), makingTrouble(error)]) {
    expect(words).not.toMatch(/undefined|TypeError/)
    expect(technical).toMatch(/undefined/)
  }
})

test('what is said in words already stays as it is', () => {
  expect(makingTrouble(new InWords('The lab does not answer.'))).toEqual({ words: 'The lab does not answer.' })
})
