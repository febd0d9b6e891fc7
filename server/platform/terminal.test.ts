import { afterEach, expect, test, vi } from 'vitest'
import { printStyled, showProgress } from './terminal.ts'

const { stdout } = process
const usual = { isTTY: stdout.isTTY, hasColors: stdout.hasColors, columns: stdout.columns }

function written(terminal: Partial<typeof usual>, work: () => void): string {
  Object.assign(stdout, terminal)
  const write = vi.spyOn(stdout, 'write').mockReturnValue(true)
  work()
  return write.mock.calls.map(([text]) => text).join('')
}

afterEach(() => {
  vi.restoreAllMocks()
  Object.assign(stdout, usual)
})

const work = () => {
  showProgress('7 of 20 runs done\n')
  printStyled([{ text: 'FAIL ', style: 'red' }, { text: ' a\x1b[2J' }])
}

test('colours and progress are for a terminal only', () => {
  expect(written({ isTTY: false }, work)).toBe('FAIL  a\\x1b[2J\n')
})

test('progress fits one row, and the next line takes its place', () => {
  expect(written({ isTTY: true, hasColors: () => true, columns: 10 }, work)).toBe(
    '\r\x1b[2K\x1b[2m7 of 20 r\x1b[22m\r\x1b[2K\x1b[31mFAIL \x1b[39m a\\x1b[2J\n',
  )
})

test('a terminal without colours, or with NO_COLOR, gets none', () => {
  expect(written({ isTTY: true, hasColors: () => false, columns: 10 }, work)).toBe(
    '\r\x1b[2K7 of 20 r\r\x1b[2KFAIL  a\\x1b[2J\n',
  )
})

test('a terminal that does not know its width shows progress all the same', () => {
  expect(written({ isTTY: true, hasColors: () => false, columns: 0 }, () => showProgress('7 of 20'))).toBe(
    '\r\x1b[2K7 of 20',
  )
})
