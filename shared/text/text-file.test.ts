import { expect, test } from 'vitest'
import { readText } from './text-file.ts'

const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))

test('a text of UTF-8 is read unchanged, also one with the replacement character', () => {
  for (const text of ['', 'one\ntwo\n', '\ufeffone', 'größer 日本 👩‍🏫', 'a \ufffd b'])
    expect(readText(new TextEncoder().encode(text))).toEqual({ ok: true, text })
})

test.each([
  ['network 4 line\n0 msg 1 gr\xf6\xdfer\n', 2, 11, 'the byte \\xf6 is not UTF-8: save the file as UTF-8'],
  ['\x80', 1, 1, 'the byte \\x80 is not UTF-8: save the file as UTF-8'],
  ['a\n\n b\xe2\x82', 3, 3, 'the byte \\xe2 is not UTF-8: save the file as UTF-8'],
  ['\xff\xfe0\0', 1, 1, 'the file is UTF-16: save it as UTF-8'],
  ['\xfe\xff\x000', 1, 1, 'the file is UTF-16: save it as UTF-8'],
])('a file of another kind is refused with its place: %j', (bytes, line, column, error) => {
  expect(readText(latin1(bytes))).toEqual({ ok: false, line, column, error })
})
