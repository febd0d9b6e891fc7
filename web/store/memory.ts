/** Remembers values over a reload, for this tab. */

export interface Memory<Value> {
  /** Null where nothing is remembered. */
  read(): Value | null
  write(value: Value | null): void
}

/** Names the build of the page: a value that another build wrote may look otherwise, and is not read. */
const BUILD = import.meta.url

/** A browser may forbid storage, or have no room; then nothing is remembered. */
export function createMemory<Value>(key: string): Memory<Value> {
  return {
    read() {
      try {
        const { build, value } = JSON.parse(sessionStorage.getItem(key) ?? '{}')
        return build === BUILD ? value : null
      } catch {
        return null
      }
    },
    write(value) {
      try {
        // First: where there is no room for the new value, the old one would stay, and be taken for it.
        sessionStorage.removeItem(key)
        if (value !== null) sessionStorage.setItem(key, JSON.stringify({ build: BUILD, value }))
      } catch {
        // See above.
      }
    },
  }
}
