/** Says what a datagram with several rumors means to its receiver: one sentence for the messages of each verdict. */
import type { MessageId } from '../../shared/model/content.ts'
import { type RumorVerdict, readRumors, type Tense } from '../../shared/model/explain.ts'
import type { LabState, NodeState } from '../../shared/model/lab-state.ts'
import { messageList } from '../../shared/model/names.ts'

interface BatchReading {
  readonly messages: readonly MessageId[]
  /** Whether the receiver's copy came with this very datagram, however the reports were ordered. */
  readonly isNew: (message: MessageId) => boolean
  /** The lab and the receiver at the instant of judgement. */
  readonly lab: LabState
  readonly receiver: NodeState
  /** Name of the receiver. */
  readonly to: string
  readonly tense: Tense
}

export function batchMeans({ messages, isNew, lab, receiver, to, tense }: BatchReading): readonly string[] {
  const byVerdict = new Map<RumorVerdict, MessageId[]>()
  for (const { message, verdict } of readRumors(messages, receiver)) {
    const known = isNew(message) ? 'new' : verdict
    byVerdict.set(known, [...(byVerdict.get(known) ?? []), message])
  }
  const hoards = receiver.behaviours.includes('hoard')
  return [...byVerdict].map(([verdict, those]) => {
    const are = those.length === 1 ? 'is' : 'are'
    return sentenceOf(verdict, messageList(those, lab), are, to, tense, hoards)
  })
}

function sentenceOf(verdict: RumorVerdict, names: string, are: string, to: string, tense: Tense, hoards: boolean) {
  const does = (past: string, plain: string) => (tense === 'does' ? past : `${tense} ${plain}`)
  switch (verdict) {
    case 'had':
      return `${to} had ${names} already`
    case 'claimed':
      return `${to} ${does('refused', 'refuse')} ${names}, which ${are} not from that node itself`
    case 'gap':
      return `${to} lacked what comes before ${names}: it ${does('kept', 'keep')} that back until then`
    case 'new':
      return `${names} ${are} new to ${to}: it ${
        hoards
          ? does('stored and hoarded that, and answered', 'store and hoard that, and answer')
          : does('stored that, passed it on, and answered', 'store that, pass it on, and answer')
      } with one status`
  }
}
