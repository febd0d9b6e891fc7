/** Numbers as people read them. */

export function formatMs(ms: number): string {
  if (ms < 9_999.5) return `${ms < 10 && ms % 1 >= 0.05 ? ms.toFixed(1) : Math.round(ms)} ms`
  if (ms < 99_950) return `${(ms / 1_000).toFixed(1)} s`
  return formatLong(ms)
}

/** How much time a picture shows: 3 s, 30 ms. */
export const formatSpan = (ms: number): string => (ms >= 1_000 ? `${ms / 1_000} s` : formatMs(ms))

/** A time span that goes on: 8 s, 1 min 12 s, 2 h 5 min. */
export function formatLong(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  const minutes = Math.floor(seconds / 60)
  if (minutes === 0) return `${seconds} s`
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** An instant of the lab: 12.418 s. */
export const formatInstant = (ms: number): string => `${(ms / 1_000).toFixed(3)} s`

export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  if (bytes < 999_500) return `${(bytes / 1_000).toFixed(1)} kB`
  return `${(bytes / 1_000_000).toFixed(bytes < 9_950_000 ? 1 : 0)} MB`
}

export const formatShare = (share: number): string => `${Math.round(share * 100)} %`

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`
