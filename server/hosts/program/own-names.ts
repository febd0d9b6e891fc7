/**
 * Names the messages in the reports of one of our own nodes beside programs. Our node knows a program's message by the
 * number that the program gave it; a program that was restarted may count on, or begin again. The lab names the message
 * as everywhere: by the node that was given it, the life of that node, and how many messages that life had been given
 * before (message-names.ts).
 */
import { messageKey, portOf } from '../../../shared/gossip/origin.ts'
import type { AnyContent, NodeReport } from '../../../shared/model/event.ts'
import type { MessageName, MessageNames } from './message-names.ts'

type Stored = Extract<NodeReport, { type: 'stored' }>

export class OwnNames {
  readonly #names: MessageNames
  readonly #isProgram: (port: number) => boolean
  /** By the number that the node knows: the names that differ from it. */
  readonly #renamed = new Map<string, MessageName>()
  /** Names that the node has given away. */
  readonly #taken = new Set<string>()

  constructor(names: MessageNames, isProgram: (port: number) => boolean) {
    this.#names = names
    this.#isProgram = isProgram
  }

  /** Returns the reports with the names of the lab, and takes the names of messages that the lab does not know. */
  rename(reports: readonly NodeReport[]): NodeReport[] {
    const named = reports.map((report) => (report.type === 'stored' ? this.#renameStored(report) : report))
    if (this.#renamed.size === 0) return named
    return named.map((report) => (report.type === 'stored' ? report : this.#renameReport(report)))
  }

  #renameStored(stored: Stored): Stored {
    const { text } = stored
    const { origin, seq } = this.#isProgram(portOf(stored.origin)) ? this.#nameOf(stored, text) : stored
    this.#names.add(origin, seq, text)
    return { ...stored, origin, seq }
  }

  /** The text decides, and among equal texts the number, then the order in which they were given. */
  #nameOf(wire: MessageName, text: string): MessageName {
    const known = this.#names.of(text).filter(({ origin }) => portOf(origin) === portOf(wire.origin))
    const free = known.filter(({ origin, seq }) => !this.#taken.has(messageKey(origin, seq)))
    const name = free.find(({ origin, seq }) => origin === wire.origin && seq === wire.seq) ?? free[0] ?? wire
    this.#taken.add(messageKey(name.origin, name.seq))
    if (name.origin !== wire.origin || name.seq !== wire.seq)
      this.#renamed.set(messageKey(wire.origin, wire.seq), { origin: name.origin, seq: name.seq })
    return name
  }

  #renameReport(report: NodeReport): NodeReport {
    if (report.type === 'sent' || report.type === 'held')
      return { ...report, content: this.#renameContent(report.content) }
    if (!('origin' in report)) return report
    return { ...report, ...this.#of(report) }
  }

  #renameContent(content: AnyContent): AnyContent {
    if (content.kind !== 'rumor') return content
    const more = content.more?.map(([origin, seq]) => {
      const name = this.#of({ origin, seq })
      return [name.origin, name.seq] as const
    })
    return { ...content, ...this.#of(content), ...(more ? { more } : {}) }
  }

  #of({ origin, seq }: MessageName): MessageName {
    return this.#renamed.get(messageKey(origin, seq)) ?? { origin, seq }
  }
}
