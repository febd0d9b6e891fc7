/** Makes the command lines of clicks. */

import { DEFAULTS } from '../../shared/gossip/settings.ts'
import type { NodeSignal } from '../../shared/language/command.ts'
import type { HeldName, LinkChange, LinkName, Release } from '../../shared/language/command-faults.ts'
import { formatCommand } from '../../shared/language/command-format.ts'
import type { Behaviour } from '../../shared/model/fault.ts'
import type { LabSettings } from '../../shared/model/lab-settings.ts'
import { currentOrigin, type LabState, type NodeState } from '../../shared/model/lab-state.ts'

/** Numbers the message as a person would: the first one of this life is 1. The node ignores it. */
export function messageLine(node: NodeState, text: string, { places }: Pick<LabState, 'places'>): string {
  const typed = Object.keys(places[currentOrigin(node)] ?? {}).length
  return formatCommand({ kind: 'msg', id: node.id, messageId: `${typed + 1}`, text })
}

export const chatLogLine = ({ id }: NodeState): string => formatCommand({ kind: 'chatLog', id })
export const signalLine = ({ id }: NodeState, signal: NodeSignal): string =>
  formatCommand({ kind: 'signal', id, signal })
export const RESTART_LINE = formatCommand({ kind: 'restart' })
export const crashLine = ({ id }: NodeState): string => formatCommand({ kind: 'crash', id })

export const linkLine = (link: LinkName, change: LinkChange | 'heal'): string =>
  formatCommand({ kind: 'link', link, change })

export const behaviourLine = ({ id }: NodeState, behaviour: Behaviour, on: boolean): string =>
  formatCommand({ kind: 'behaviour', id, behaviour, on })

export const restartLine = ({ id }: NodeState, { n, basePort }: LabSettings): string =>
  formatCommand({ kind: 'start', id, n, port: basePort + id })

export const holdLine = (on: boolean, link: LinkName = { ways: 'all' }): string =>
  formatCommand({ kind: 'hold', link, on })
export const timersLine = (held: boolean): string => formatCommand({ kind: 'timers', held })
export const releaseLine = (how: Release, which: HeldName): string => formatCommand({ kind: 'release', how, which })
export const STEP_LINE = formatCommand({ kind: 'step' })
export const delayLine = (ms: number): string => formatCommand({ kind: 'delay', ms })
export const DEFAULTS_LINE = formatCommand({ kind: 'set', settings: DEFAULTS })
export const HEAL_LINE = formatCommand({ kind: 'heal' })
