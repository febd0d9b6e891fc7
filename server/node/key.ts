import { KEY_VARIABLE } from '../platform/node-link.ts'

/** Shortest shared key, in characters. */
const MIN_KEY_CHARS = 8

/** What is wrong with a key, or undefined. It is not repeated: what is printed may be read by others. */
export function keyProblem(key: string | undefined): string | undefined {
  // Node puts this character for what is not UTF-8: different keys would be the same.
  if (key?.includes('\ufffd')) return `${KEY_VARIABLE} is not UTF-8`
  if (key === undefined || key === '' || key.length >= MIN_KEY_CHARS) return undefined
  return `${KEY_VARIABLE} is shorter than ${MIN_KEY_CHARS} characters`
}

/** The key from the environment, where nobody finds it after that. An empty one is none. */
export function takeKey(): { key?: string } {
  const key = process.env[KEY_VARIABLE]
  delete process.env[KEY_VARIABLE]
  return key ? { key } : {}
}
