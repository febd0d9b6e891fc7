/** Exchanges the key in the presenter's address, behind the `#`, for a cookie, and removes it from the address bar. */

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

/** Whether the key was present and not refused. A lab that does not answer has not refused it. */
export type Entry = 'no key' | 'entered' | 'refused'

/** Resolves when the cookie is there, or will not come: then this page watches. */
export async function enter(): Promise<Entry> {
  const key = keyIn(location.hash)
  if (key === undefined) return 'no key'
  // Comes first: nobody may read the key from a screen, a history or a bookmark.
  history.replaceState(null, '', location.pathname + location.search + withoutKey(location.hash))
  try {
    const { status } = await fetch('/api/session', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ key }),
    })
    return status === 403 ? 'refused' : 'entered'
  } catch {
    // The page itself reports that the lab is not there.
    return 'entered'
  }
}

/** Enters with a key that is added to the address of an open page. */
export function enterLater(refused: () => void) {
  window.addEventListener('hashchange', async () => {
    const entry = await enter()
    // The connection is a viewer's.
    if (entry === 'entered') location.reload()
    else if (entry === 'refused') refused()
  })
}
