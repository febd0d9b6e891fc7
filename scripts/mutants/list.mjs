/** Deliberate faults in the protocol, as a tired author might write them. `edits` are texts that occur once. */
export const MUTANTS = [
  {
    name: 'the low mark is not advanced over messages that were kept back',
    file: 'gossip/log.ts',
    edits: [['next = log.ahead.get(log.prefix.length)', 'next = undefined']],
  },
  {
    name: 'a message beyond a gap is shown at once',
    file: 'gossip/log.ts',
    edits: [['if (ahead === 0) this.#show', 'if (ahead >= 0) this.#show']],
  },
  {
    name: 'messages are stored twice',
    file: 'gossip/log.ts',
    edits: [['if (present !== undefined) return', 'if (present !== undefined && present !== text) return']],
  },
  {
    name: 'a later text replaces the first',
    file: 'gossip/log.ts',
    edits: [["present === text ? 'held' : 'conflict'", "present === text ? 'held' : 'new'"]],
  },
  {
    name: 'a rumor goes back to where it came from',
    file: 'gossip/neighbourhood.ts',
    edits: [
      ['if (port === except) return false', ''],
      ['peer.holds(origin, seq) || ', ''],
    ],
  },
  {
    name: 'a neighbour is not known to have the messages that it sent',
    file: 'gossip/gossip.ts',
    edits: [['peer.noteHeld(origin, seq, now)', '']],
  },
  {
    name: 'an old rumor is passed on again',
    file: 'gossip/gossip.ts',
    edits: [['      this.#spread(rumor, from, now)\n    }\n', '    }\n    this.#spread(rumor, from, now)\n']],
  },
  {
    name: 'a message that is kept back is not reported',
    file: 'gossip/gossip.ts',
    edits: [["if (this.#isBeyondGap(rumor)) this.#report({ type: 'kept-back', origin, seq, from })", '']],
  },
  {
    name: 'the coin always says stop',
    file: 'gossip/gossip.ts',
    edits: [['this.#random.next() >= this.#settings.coin', 'true']],
  },
  {
    name: 'the faces of the coin are swapped',
    file: 'gossip/gossip.ts',
    edits: [['this.#random.next() >= this.#settings.coin', 'this.#random.next() < this.#settings.coin']],
  },
  {
    name: 'the coin picks a neighbour that stayed silent',
    file: 'gossip/gossip.ts',
    edits: [['.filter((port) => !this.#neighbourhood.isSilent(port))', '']],
  },
  {
    name: 'a generation is used again',
    file: 'gossip/own-life.ts',
    edits: [['originOf(port, generation)', 'originOf(port, 0)']],
  },
  {
    name: 'rumors are not acknowledged',
    file: 'gossip/gossip.ts',
    edits: [['this.#pendingAcks.to(from).acknowledge.add(origin)', '']],
  },
  {
    name: 'the owner does not come first in the acknowledgement',
    file: 'gossip/gossip.ts',
    edits: [['[...first, this.self, ...this.#log.origins()]', '[this.self, ...first, ...this.#log.origins()]']],
  },
  {
    name: 'the window is ignored',
    file: 'gossip/gossip.ts',
    edits: [['if (room <= 0 || bytes <= 0) return', 'if (bytes <= 0) return']],
  },
  {
    name: 'the bytes of an answer are not bounded',
    file: 'gossip/gossip.ts',
    edits: [['if (room <= 0 || bytes <= 0) return', 'if (room <= 0) return']],
  },
  {
    name: 'a rumor in flight is sent again',
    file: 'gossip/gossip.ts',
    edits: [['if (peer.onItsWay(origin, seq, now, this.#settings) || ', 'if (']],
  },
  {
    name: 'a batch goes to a neighbour that takes none',
    file: 'gossip/gossip.ts',
    edits: [
      ['this.#settings.batchMs > 0 && peer.takesBatches &&', 'this.#settings.batchMs > 0 &&'],
      ['peer.takesBatches ? this.#longestStatus : 0', 'this.#longestStatus'],
    ],
  },
  {
    name: 'a batch leaves out what its receiver sent in an earlier life',
    file: 'gossip/gossip.ts',
    edits: [["why !== 'missing' && peer.holds(origin, seq)", 'peer.holds(origin, seq)']],
  },
  {
    name: 'a crash takes along what waits for a batch',
    file: 'gossip/gossip.ts',
    edits: [['this.#batches.hastenAll()\n    this.#flushBatches(now)', '']],
  },
  {
    name: 'a neighbour that has just started gets batches',
    file: 'gossip/peer.ts',
    edits: [['    this.takesBatches = false\n', '']],
  },
  {
    name: 'there is no anti-entropy',
    file: 'gossip/gossip.ts',
    edits: [["for (const status of statuses) this.#send(port, 'anti-entropy', status)", '{}']],
  },
  {
    name: 'nobody is greeted at start',
    file: 'gossip/gossip.ts',
    edits: [['for (const port of [...ports, ...possible]) this.#greet(port, now)', '']],
  },
  {
    name: 'nothing is asked for',
    file: 'gossip/gossip.ts',
    edits: [['this.#pendingAcks.to(peer.port).ask.add(origin)', '{}']],
  },
  {
    name: 'the same gap is asked for again and again',
    file: 'gossip/peer.ts',
    edits: [['if (asked && asked.low === low && now < asked.at + ackTimeoutMs) return false', '']],
  },
  {
    name: 'forged rumors of my own are accepted',
    file: 'gossip/gossip.ts',
    edits: [
      ['const isForged = this.#lives.isForged(rumor, now, this.#settings.antiEntropyMs)', 'const isForged = false'],
    ],
  },
  {
    name: 'a lost life: believed by a node whose lives are counted',
    file: 'gossip/own-life.ts',
    edits: [
      ['if (!this.#isRemembered) return undefined', ''],
      ['if (!this.#isRemembered || !isCredible(shown.generation)) return false', ''],
    ],
  },
  {
    name: 'a lost life: believed of a stranger',
    file: 'gossip/lives.ts',
    edits: [['!this.#machine.isNeighbour(shown.by) || ', '']],
  },
  {
    name: 'a lost life: the next one may be the last of all',
    file: 'gossip/own-life.ts',
    edits: [['Math.floor(MAX_GENERATION / 2)', 'MAX_GENERATION']],
  },
  {
    name: 'a lost life: one after the other without a pause',
    file: 'gossip/own-life.ts',
    edits: [['if (now < this.#believesFrom) {', 'if (now < 0) {']],
  },
  {
    name: 'a lost life: forgotten when it is shown too early',
    file: 'gossip/lives.ts',
    edits: [['if (shown) this.#goBeyond(shown, now, antiEntropyMs)', '']],
  },
  {
    name: 'a lost life: begun once more instead of the next one',
    file: 'gossip/own-life.ts',
    edits: [['shown.generation + 1', 'shown.generation']],
  },
  {
    name: 'a lost life: its messages keep their numbers',
    file: 'gossip/lives.ts',
    edits: [['this.#log.suspend(lost)', '']],
  },
  {
    name: 'a lost life: its messages are not sent again',
    file: 'gossip/lives.ts',
    edits: [['this.#toSay.push(entry.text)', '{}']],
  },
  {
    name: 'two texts under one number: the one that was sent again keeps it',
    file: 'gossip/disputes.ts',
    edits: [["if (heldGivesWay && !this.isSaidAgain(rival)) return 'takes the number'", '']],
  },
  {
    name: 'two texts under one number: the node that meets them keeps that to itself',
    file: 'gossip/disputes.ts',
    edits: [['this.show(rival.origin)', '']],
  },
  {
    name: 'two texts under one number: a stranger may bring the second',
    file: 'gossip/lives.ts',
    edits: [[' && rival.from !== null && this.#machine.isNeighbour(rival.from)', '']],
  },
  {
    name: 'a forged message of a neighbour blocks its window',
    file: 'gossip/compare.ts',
    edits: [['.filter((one) => portOf(one) === peer.port)', '.filter(() => false)']],
  },
  {
    name: 'no rumor times out',
    file: 'gossip/peer.ts',
    edits: [['if (!unacked.ackTimedOut) timedOut.push(unacked)', '']],
  },
  {
    name: 'nothing is repeated',
    file: 'gossip/gossip.ts',
    edits: [["if (text !== undefined) this.#sendRumor(peer, { origin, seq, text }, 'repeat', now)", '']],
  },
  {
    name: 'a rumor beyond a gap of the own log is repeated and times out',
    file: 'gossip/gossip.ts',
    edits: [['return seq >= this.#log.lowestNotSeen(origin)', 'return false']],
  },
  {
    name: 'samples of a link count after it has changed',
    file: 'gossip/peer.ts',
    edits: [['this.#roundTrip.restart(roundTripMs)', '']],
  },
  {
    name: 'a rumor sent before a link changed measures it',
    file: 'gossip/peer.ts',
    edits: [['if (lastSentAt > this.#linkChangedAt) {', 'if (lastSentAt > 0) {']],
  },
  {
    name: 'a status that was overtaken is believed',
    file: 'gossip/peer.ts',
    edits: [['(low < told.low && now < told.at + ackTimeoutMs)', 'false']],
  },
  {
    name: 'a status that was overtaken calls for more',
    file: 'gossip/compare.ts',
    edits: [['low <= told && low < log', 'low < log']],
  },
  {
    name: 'a new life is not noticed',
    file: 'gossip/peer.ts',
    edits: [['const isNewLife = life !== this.#life', 'const isNewLife = this.#life === undefined']],
  },
  {
    name: 'a part of a status passes for the whole',
    file: 'gossip/wire.ts',
    edits: [['partial: bytes.length >= partialStatusBytes(longest),', 'partial: false,']],
  },
  {
    name: 'a message that a part does not name is no longer lacking',
    file: 'gossip/compare.ts',
    edits: [['partial ? peer.lacked : log.origins()', 'partial ? [] : log.origins()']],
  },
  {
    name: 'the last part of a status is too short',
    file: 'gossip/limits.ts',
    edits: [['longest / 2 - 128', 'longest / 2']],
  },
  {
    name: 'commas are sent as they are',
    file: 'gossip/text.ts',
    edits: [['const RESERVED = /[%,:{}', 'const RESERVED = /[%:{}']],
  },
  {
    name: 'a text ends at its first commas',
    file: 'gossip/wire.ts',
    edits: [['lastIndexOf(bytes, COMMA, secondComma - 1)', 'indexOf(bytes, COMMA, open)']],
  },
  {
    name: 'a foreign text is forwarded in our form',
    file: 'gossip/wire.ts',
    edits: [
      [
        "import { byteLength, bytesOf, stringOf } from './text.ts'",
        "import { byteLength, bytesOf, decodeText, encodeText, stringOf } from './text.ts'",
      ],
      ['text: stringOf(text) }', 'text: encodeText(decodeText(stringOf(text))) }'],
    ],
  },
  {
    name: 'a text that is too large to be sent is taken',
    file: 'gossip/gossip.ts',
    edits: [
      [
        'const oversized = problem === undefined ? this.#oversize.ofText(encodeText(text)) : undefined',
        'const oversized = undefined',
      ],
    ],
  },
  {
    name: 'a message that is too large to be sent holds up all else',
    file: 'gossip/gossip.ts',
    edits: [['lacked.filter((origin) => !this.#isBlocked(peer, origin, peer.lowestNotSeen(origin)))', 'lacked']],
  },
  {
    name: 'messages after one that is too large are sent to a peer that cannot show them',
    file: 'gossip/gossip.ts',
    edits: [
      ['if (this.#isBlocked(peer, origin, seq)) break', ''],
      ['if (this.#isBlocked(peer, origin, seq)) return', ''],
      ['if (!this.#oversize.any) return ports', 'return ports'],
    ],
  },
  {
    name: 'a message that a neighbour sent from beyond a gap goes back with each status',
    file: 'gossip/peer.ts',
    edits: [['if (seq > this.lowestNotSeen(origin) && this.#ahead?.has(key)) return true', '']],
  },
  {
    name: 'a crash command swallows earlier lines',
    file: 'gossip/gossip.ts',
    edits: [["this.#sendRumor(peer, { origin: this.self, seq, text }, 'new', now)", '']],
  },
]
