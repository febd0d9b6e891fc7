import { expect, test } from 'vitest'
import { requireSignal } from './signals.ts'

test('Windows can kill a process, and not suspend it', () => {
  expect(() => requireSignal('KILL', 'win32')).not.toThrow()
  for (const signal of ['STOP', 'CONT'] as const) {
    expect(() => requireSignal(signal, 'win32')).toThrow('Windows cannot suspend a process by a signal')
    expect(() => requireSignal(signal, 'darwin')).not.toThrow()
  }
})
