/** The presenter's address carries a key behind the `#`: it is exchanged for a cookie, and gone from the address bar. */

const KEY = /(?:^#|&)key=([\w-]+)/

export const keyIn = (hash: string): string | undefined => KEY.exec(hash)?.[1]
/** What else is behind the `#`: an instant, for example. */
export function withoutKey(hash: string): string {
  const rest = hash
    .replace(/^#/, '')
    .split('&')
    .filter((part) => part !== '' && !part.startsWith('key='))
  return rest.length > 0 ? `#${rest.join('&')}` : ''
}

/** Resolves when the cookie is there, or when it will not be: then this page watches. */
export async function enter(): Promise<void> {
  const key = keyIn(location.hash)
  if (key === undefined) return
  // First of all: nobody shall read it from a screen, a history or a bookmark.
  history.replaceState(null, '', location.pathname + location.search + withoutKey(location.hash))
  try {
    await fetch('/api/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ key }),
    })
  } catch {
    // The lab is not there; the page says so by itself.
  }
}
