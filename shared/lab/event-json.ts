/** Caches the JSON of new events: for pages and for the files that the lab is recorded to. */
import type { LabEvent } from '../model/event.ts'

/** Maximum number of cached events: at 8,000 a second, those since the file was last written. */
const MAX_REMEMBERED = 8_192
/** Maximum length of a cached text, in characters: the product with the bound above bounds the cache. */
const MAX_CHARS = 1_024

export class EventJson {
  readonly #events: LabEvent[] = []
  readonly #texts: string[] = []

  of(event: LabEvent): string {
    const place = event.n % MAX_REMEMBERED
    if (this.#events[place] === event) return this.#texts[place] ?? JSON.stringify(event)
    const text = JSON.stringify(event)
    if (text.length > MAX_CHARS) return text
    this.#events[place] = event
    this.#texts[place] = text
    return text
  }
}
