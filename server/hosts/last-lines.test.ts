import { expect, test } from 'vitest'
import { visible } from '../../shared/text/visible.ts'
import { LastLines, MAX_STDERR_LINE_CHARS, MAX_STDERR_LINES } from './last-lines.ts'

test('lines are put together wherever they are cut, also within a character, and empty ones are left out', () => {
  const said = new LastLines()
  for (const byte of Buffer.from('größer\n\n  \nlast')) said.add(Uint8Array.of(byte))
  expect(said.lines).toEqual(['größer'])
  said.end()
  expect(said.lines).toEqual(['größer', 'last'])
})

test('a byte that is not UTF-8 is shown as such', () => {
  const said = new LastLines()
  said.add(Uint8Array.of(0x61, 0xff, 0x1b, 10))
  expect(said.lines.map(visible)).toEqual(['a\\xff\\x1b'])
})

test('of many or long lines the last ones and their beginnings are kept', () => {
  const said = new LastLines()
  said.add(Buffer.from(`${'x'.repeat(10_000)}\n`))
  expect(said.lines).toEqual(['x'.repeat(MAX_STDERR_LINE_CHARS)])
  said.add(Buffer.from(Array.from({ length: 1_000 }, (_, line) => `${line}\n`).join('')))
  expect(said.lines).toHaveLength(MAX_STDERR_LINES)
  expect(said.lines.at(-1)).toBe('999')
})
