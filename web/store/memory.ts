/** Remembers values over a reload, for this tab. */

export interface Memory<Value> {
  /** Null if nothing is remembered. */
  read(): Value | null
  write(value: Value | null): void
}

/** Identifies the build of the page: a value of another build may have another form, and is not read. */
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
        // Removes first: without room for the new value, the old one would stay, and be mistaken for it.
        sessionStorage.removeItem(key)
        if (value !== null) sessionStorage.setItem(key, JSON.stringify({ build: BUILD, value }))
      } catch {
        // See above.
      }
    },
  }
}
