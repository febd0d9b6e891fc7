import type { Entry } from '../../shared/gossip/log.ts'

/** What would break the line, or its split at commas, goes out percent-encoded. */
const forChatLog = (text: string) => text.replace(/[%,\p{Cc}]/gu, encodeURIComponent)

/** An empty answer breaks the proxy (report, get chatLog Handle). */
export function formatChatLog(entries: readonly Entry[]): string {
  return `chatLog ${entries.length === 0 ? '<empty>' : entries.map(({ text }) => forChatLog(text)).join(',')}`
}
