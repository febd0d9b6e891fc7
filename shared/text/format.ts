/**
 * Formats times, sizes and counts for people: the one rule for page, console, scenarios and files. A length of time is
 * in ms below 1 s and in s from there on, with three digits; an instant is always in s, to the millisecond.
 */

/**
 * Formats a length of time given in ms: `0.34 ms`, `12.4 ms`, `251 ms`, `1.25 s`, `125 s`. A whole number of its unit,
 * such as a setting, has no decimals: `1 s`. From 1,000 s on it is in minutes and hours.
 */
export function formatMs(ms: number): string {
  if (ms < 999.5) return `${threeDigits(ms)} ms`
  if (ms < 999_500) return `${threeDigits(ms / 1_000)} s`
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 60) return `${minutes} min ${Math.floor(ms / 1_000) % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Formats elapsed time given in ms, in whole seconds, so that a glance is enough: `8 s`. */
export const formatElapsed = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  return seconds === 0 ? '0 s' : formatMs(seconds * 1_000)
}

/**
 * Formats an instant of the lab, given in ms: `12.418 s`. The number of digits follows the `step` of a scale, in ms.
 */
export const formatInstant = (ms: number, step = 1): string =>
  `${(ms / 1_000).toFixed(Math.min(6, Math.max(0, Math.ceil(3 - Math.log10(step)))))} s`

/** The latest instant that has a date, in ms since 1970 (ECMAScript). */
const LAST_DATE_MS = 8.64e15

/** Formats the date and time of an instant given in ms since 1970. An instant from a file may be beyond all dates. */
export const formatDate = (at: number): string =>
  Math.abs(at) <= LAST_DATE_MS
    ? new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' }).format(at)
    : 'an unknown date'

const SPOKEN: Readonly<Record<string, readonly [one: string, many: string]>> = {
  ms: ['millisecond', 'milliseconds'],
  s: ['second', 'seconds'],
  min: ['minute', 'minutes'],
  h: ['hour', 'hours'],
}

/** Spells out the units of time in a text for screen readers: `10 ms per second` becomes `10 milliseconds per second`. */
export const spoken = (words: string): string =>
  words.replace(/([\d.]+) (ms|s|min|h)\b/g, (_, count: string, unit: string) => {
    const [one, many] = SPOKEN[unit] ?? [unit, unit]
    return `${count} ${count === '1' ? one : many}`
  })

/** Formats an instant of the lab, given in ms, for screen readers: `23.3 seconds`. */
export const spokenInstant = (ms: number): string => spoken(`${threeDigits(Math.max(0, ms) / 1_000)} s`)

export function formatBytes(bytes: number): string {
  if (bytes < 999.5) return `${threeDigits(bytes)} B`
  if (bytes < 999_500) return `${threeDigits(bytes / 1_000)} kB`
  return `${threeDigits(bytes / 1_000_000)} MB`
}

export const formatShare = (share: number): string => `${Math.round(share * 100)} %`

let counts: Intl.NumberFormat | undefined

/**
 * Created at first use, because it takes 9 ms, which no node should spend at its start. `toLocaleString` creates one at
 * each call.
 */
const countFormat = () => {
  counts ??= new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
  return counts
}

/** Formats a count with its thousands separated, or a mean of counts with one decimal: `28,730`, `3.5`. */
export const formatCount = (count: number): string => countFormat().format(count)

export function plural(count: number, one: string, many = `${one}s`): string {
  const words = formatCount(count)
  return `${words} ${words === '1' ? one : many}`
}

/** Three significant digits, two decimals at most; none for a whole number. */
function threeDigits(value: number): string {
  if (Number.isInteger(value) || value >= 99.95) return `${Math.round(value)}`
  return value.toFixed(value < 9.995 ? 2 : 1)
}
