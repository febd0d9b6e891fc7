/** Remembers texts for this browser. A browser may forbid storage; then nothing is remembered. */

/** Returns the text of a key; null if nothing is remembered. */
export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

/** Remembers a text; forgets the key if the text is null. */
export function remember(key: string, text: string | null) {
  try {
    if (text === null) localStorage.removeItem(key)
    else localStorage.setItem(key, text)
  } catch {
    // The browser forbids storage, or it is full.
  }
}
