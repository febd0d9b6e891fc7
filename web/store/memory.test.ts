import { afterEach, expect, test, vi } from 'vitest'
import { createMemory } from './memory.ts'

afterEach(() => vi.unstubAllGlobals())

/** A tab's storage that has room for so many characters. */
function storageOf(room: number): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  const items = new Map<string, string>()
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem(key, value) {
      if (value.length > room) throw new DOMException('full', 'QuotaExceededError')
      items.set(key, value)
    },
    removeItem: (key) => void items.delete(key),
  }
}

test('a value without room is forgotten, and so is the one before it', () => {
  vi.stubGlobal('sessionStorage', storageOf(500))
  const memory = createMemory<string>('lesson')
  memory.write('scene 1')
  expect(memory.read()).toBe('scene 1')
  memory.write('x'.repeat(500))
  expect(memory.read()).toBeNull()
})

test('if storage is forbidden nothing is remembered, and nothing fails', () => {
  vi.stubGlobal('sessionStorage', undefined)
  const memory = createMemory<string>('lesson')
  memory.write('scene 1')
  expect(memory.read()).toBeNull()
})
