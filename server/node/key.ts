import { KEY_VARIABLE } from '../platform/node-link.ts'

/** Shortest shared key, in characters. */
const MIN_KEY_CHARS = 8

/** Says why a key cannot be used, or undefined. It does not repeat the key: others may read the output. */
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
