/** Finds programs that end in an unusual way, or no longer serve their TCP port. */

import type { EventOf, LabEvent } from '../model/event.ts'
import { nodeName } from '../model/names.ts'
import { visible } from '../text/visible.ts'
import { capital } from '../text/words.ts'
import { type Found, quotedText, type Report, type Rule } from './finding.ts'
import type { KnownNetwork } from './known-network.ts'

export class ProcessRule implements Rule {
  readonly #network: KnownNetwork
  readonly #report: Report

  constructor(network: KnownNetwork, report: Report) {
    this.#network = network
    this.#report = report
  }

  take(event: LabEvent) {
    const found = event.type === 'ended' ? unusualEnd(event) : event.type === 'trouble' ? noTcp(event) : undefined
    if (found && this.#network.nodes[found.nodes[0] ?? -1]?.isProgram) this.#report(found)
  }
}

function unusualEnd({ n, at, node, end }: EventOf<'ended'>): Found | undefined {
  if ((end.how !== 'crashed' && end.how !== 'failed') || end.why === undefined) return undefined
  if (end.how === 'failed' && end.ofLab) return undefined
  const who = capital(nodeName(node))
  const how = end.how === 'crashed' ? 'crashed on command, but not cleanly' : 'ended without a command'
  const last = end.lastWords === undefined ? '' : ` Its last words: ${quotedText(end.lastWords)}.`
  return {
    kind: 'ended',
    nodes: [node],
    at,
    event: n,
    words: `${who} ${how}: ${visible(end.why)}.${last}`,
    lookAt:
      end.how === 'crashed'
        ? 'The program must only end. What does it do on the way, such as free memory or close sockets?'
        : 'Run it under a debugger, or with -fsanitize=address: the last lines of its output are in the panel of the node.',
  }
}

function noTcp({ n, at, node, why, about }: EventOf<'trouble'>): Found | undefined {
  if (why === null || about !== 'tcp') return undefined
  return {
    kind: 'TCP gone',
    nodes: [node],
    at,
    event: n,
    words: `${capital(nodeName(node))} does not serve its TCP port: ${visible(why).replace(/\.$/, '')}.`,
    lookAt:
      'What does the program wait for? A send() or recv() that blocks on one connection must not keep it from the others.',
  }
}
