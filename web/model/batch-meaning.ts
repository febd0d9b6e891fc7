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
    const names = messageList(those, lab)
    return sentenceOf({ verdict, names, isOne: those.length === 1, to, tense, hoards })
  })
}

interface Judged {
  readonly verdict: RumorVerdict
  readonly names: string
  readonly isOne: boolean
  readonly to: string
  readonly tense: Tense
  readonly hoards: boolean
}

function sentenceOf({ verdict, names, isOne, to, tense, hoards }: Judged): string {
  const does = (past: string, plain: string) => (tense === 'does' ? past : `${tense} ${plain}`)
  const [are, them] = isOne ? ['is', 'it'] : ['are', 'them']
  switch (verdict) {
    case 'had':
      return `${to} had ${names} already`
    case 'claimed':
      return `${to} ${does('refused', 'refuse')} ${names}: ${isOne ? 'it claims' : 'they claim'} to be from that node itself`
    case 'gap':
      return `${to} lacked what comes before ${names}: it ${does('kept', 'keep')} ${them} back until that comes`
    case 'new': {
      const passes = hoards
        ? does(`stored and hoarded ${them}, and answered`, `store and hoard ${them}, and answer`)
        : does(`stored ${them}, passed ${them} on, and answered`, `store ${them}, pass ${them} on, and answer`)
      return `${names} ${are} new to ${to}: it ${passes} with one status`
    }
  }
}
