import { KEY_VARIABLE } from '../platform/node-link.ts'

/** Minimum length of a shared key, in characters. */
const MIN_KEY_CHARS = 8

/** Returns why a key cannot be used, or undefined. Never repeats the key: others may read the output. */
export function keyProblem(key: string | undefined): string | undefined {
  // Node replaces invalid UTF-8 by this character: different keys would be equal.
  if (key?.includes('\ufffd')) return `${KEY_VARIABLE} is not UTF-8`
  if (key === undefined || key === '' || key.length >= MIN_KEY_CHARS) return undefined
  return `${KEY_VARIABLE} is shorter than ${MIN_KEY_CHARS} characters`
}

/** Takes the key from the environment, and removes it there. An empty one counts as none. */
export function takeKey(): { key?: string } {
  const key = process.env[KEY_VARIABLE]
  delete process.env[KEY_VARIABLE]
  return key ? { key } : {}
}
