/** The presenter's address carries a key behind the `#`: it is exchanged for a cookie, and gone from the address bar. */

const KEY = /(?:^#|&)key=([\w-]+)/

export const keyIn = (hash: string): string | undefined => KEY.exec(hash)?.[1]
/** The rest of the address behind the `#`: an instant, for example. */
export function withoutKey(hash: string): string {
  const rest = hash
    .replace(/^#/, '')
    .split('&')
    .filter((part) => part !== '' && !part.startsWith('key='))
  return rest.length > 0 ? `#${rest.join('&')}` : ''
}

/** Whether the key was there and was the lab's. A lab that does not answer has not refused it. */
export type Entry = 'no key' | 'entered' | 'refused'

/** Resolves when the cookie is there, or when it will not be: then this page watches. */
export async function enter(): Promise<Entry> {
  const key = keyIn(location.hash)
  if (key === undefined) return 'no key'
  // First of all: nobody shall read it from a screen, a history or a bookmark.
  history.replaceState(null, '', location.pathname + location.search + withoutKey(location.hash))
  try {
    const { status } = await fetch('/api/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ key }),
    })
    return status === 403 ? 'refused' : 'entered'
  } catch {
    // The page says by itself that the lab is not there.
    return 'entered'
  }
}

/** Enters with a key that is put behind the address of a page that is open already. */
export function enterLater(refused: () => void) {
  window.addEventListener('hashchange', async () => {
    const entry = await enter()
    // The connection is a viewer's.
    if (entry === 'entered') location.reload()
    else if (entry === 'refused') refused()
  })
}
