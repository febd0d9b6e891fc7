/**
 * The gossip protocol as a machine without clock, dice or sockets: inputs and the time go in, effects come out.
 *
 * The rules (docs/protocol.md; handout; report, Logic for handleRumorMessage and Logic for handleStatusMessage):
 *
 *  1. The machine stores a new message, typed or from a new rumor, and forwards it to `fanout` random neighbours,
 *     never back to where it came from.
 *  2. It stores a rumor if new, and always answers with a status that names the rumor's origin first.
 *  3. It compares a status with its log, the status's first owner first:
 *     a. the sender lacks something: send it rumors, in order per origin, `window` of them before its next status;
 *     b. else the sender has something more: send it a status, which asks for it;
 *     c. else both agree. If the status answers a rumor, flip a coin: stop, or pass the message to one more neighbour.
 *  4. A rumor without answer within the ack timeout counts as 3c: the neighbour may be dead.
 *  5. Anti-entropy: every neighbour periodically gets a status. This alone guarantees delivery.
 *  6. At start every neighbour gets a status, so a restarted node catches up in a round trip.
 *  7. The machine forwards only new messages, so no message loops for ever.
 *
 * Beyond the handout, and off with `retries: 0`: the machine repeats an unanswered rumor or question, sends a neighbour
 * that is known to have just come up what it cannot have, and answers the first status of a neighbour's life.
 *
 * The machine forwards a message beyond a gap of its origin like any other, but keeps it back from the chat log until
 * the gap is filled. If the last holder of the missing message died, nodes that show the rest could never agree with
 * the others.
 *
 * Every life of a node has a generation, and counts its messages from 0 (origin.ts). If no supervisor counts the lives,
 * a node can begin a life that existed before. A neighbour shows that with a status that knows more of the present
 * life, or a later one, or with another text under a number of the node's own. Then the node continues in a generation
 * above all known ones, and sends again, under new numbers, what it had typed under disputed ones (lives.ts).
 *
 * With `batchMs`, off by default, rumors for a neighbour that takes batches wait for one another and leave in one
 * datagram (batches.ts). Repeats leave alone.
 *
 * Acknowledgements wait for the input `flush-acks`, the end of a turn: the machine forwards first, and one status
 * acknowledges a burst of rumors.
 */
import { Batches, pack } from './batches.ts'
import { lackedBy, wantedFrom } from './compare.ts'
import type { Effect, Fact, Identity, Input, Why } from './effects.ts'
import { longestStatus, MAX_ANSWER_BYTES, MAX_EAGER, MAX_LAST_WORDS, MAX_STATUS_BYTES } from './limits.ts'
import { Lives } from './lives.ts'
import { type Arrival, type Entry, MessageLog } from './log.ts'
import type { Memory } from './memory.ts'
import { Neighbourhood } from './neighbourhood.ts'
import type { Origin } from './origin.ts'
import { Oversize } from './oversize.ts'
import type { Peer, Unacked } from './peer.ts'
import { PendingAcks } from './pending-acks.ts'
import { createRandom, type Random } from './random.ts'
import type { Settings } from './settings.ts'
import { byteLength, decodeText, encodeText, textProblem } from './text.ts'
import { cannotBeSent } from './too-large.ts'
import { type Datagram, type Pair, type Rumor, type Status, splitStatus } from './wire.ts'

export type { Effect, Fact, Identity, Input, SendEffect, Why } from './effects.ts'

export class Gossip {
  readonly port: number
  readonly #log = new MessageLog()
  readonly #lives: Lives
  readonly #pendingAcks = new PendingAcks()
  readonly #oversize: Oversize
  readonly #batches = new Batches()
  #longestStatus = MAX_STATUS_BYTES
  readonly #neighbourhood: Neighbourhood
  readonly #random: Random
  #settings: Settings
  #antiEntropyAt = Number.POSITIVE_INFINITY
  #effects: Effect[] = []

  constructor(identity: Identity, settings: Settings) {
    this.port = identity.port
    this.#neighbourhood = new Neighbourhood(identity, (port) => this.#pendingAcks.has(port))
    this.#settings = settings
    this.#random = createRandom(identity.seed)
    this.#oversize = new Oversize(identity.port)
    this.#lives = new Lives(identity, this.#log, {
      isNeighbour: (port) => this.#neighbourhood.has(port),
      effect: (effect) => this.#effects.push(effect),
      stored: (arrival) => this.#reportStored(arrival),
      greet: () => {
        for (const port of this.#neighbourhood.ports) this.#sendStatus(port, 'hello', [])
      },
      say: (text, now) => this.#originate(text, now),
      show: (entry, now) => this.#show(entry, now),
    })
  }

  /** The origin of messages typed at this node in this life. */
  get self(): Origin {
    return this.#lives.origin
  }

  get log(): Pick<MessageLog, 'entries' | 'revision' | 'size' | 'lowestNotSeen' | 'text'> {
    return this.#log
  }

  get neighbours(): readonly number[] {
    return this.#neighbourhood.ports
  }

  /** Returns the stored messages as a status names them: the node itself first, also at 0. */
  vector(): Pair[] {
    return this.#pairs([])
  }

  /** Returns when the machine wants its next `wake`, in ms. */
  get wakeAt(): number {
    let at = Math.min(this.#antiEntropyAt, this.#batches.dueAt)
    for (const peer of this.#neighbourhood.known()) at = Math.min(at, peer.wakeAt(this.#settings))
    return at
  }

  /** Returns whether acknowledgements wait for a `flush-acks`. */
  get owesAcks(): boolean {
    return this.#pendingAcks.size > 0
  }

  /**
   * Handles one input and returns the effects, in the order to carry them out. `now` is in ms and never decreases; the
   * caller owns the clock.
   */
  step(input: Input, now: number): Effect[] {
    this.#effects = []
    switch (input.kind) {
      case 'start':
        this.#start(now)
        break
      case 'resume':
        this.#resume(input.memory, now)
        break
      case 'message':
        this.#onMessage(input.text, now)
        break
      case 'datagram':
        this.#onDatagram(input.datagram, now)
        break
      case 'flush-acks':
        this.#flushAcks(now)
        break
      case 'wake':
        this.#wake(now)
        break
      case 'limit':
        this.#limit(input.bytes)
        break
      case 'configure':
        this.#configure(input, now)
        break
      case 'neighbour-up':
        this.#onNeighbourUp(input.port, input.generation, now)
        break
      case 'link-changed':
        this.#peer(input.port)?.noteLinkChange(input.roundTripMs, now, this.#settings)
        break
      case 'crash':
        this.#lastWords(now)
        break
    }
    this.#flushBatches(now)
    return this.#effects
  }

  /** Rule 6. */
  #start(now: number) {
    const { ports, possible } = this.#neighbourhood
    for (const port of [...ports, ...possible]) this.#greet(port, now)
    // A random first phase: otherwise nodes that start together would all speak at the same instants from then on.
    this.#antiEntropyAt = now + this.#settings.antiEntropyMs * (0.5 + this.#random.next() / 2)
  }

  /** Goes on from what is known of a node, without a report and without a greeting. */
  #resume({ messages, heard, unacked, owed, antiEntropyAt }: Memory, now: number) {
    for (const status of heard) this.#peer(status.sender)?.noteStatus(status, now, this.#settings)
    for (const message of messages) {
      this.#log.add(message)
      if (message.from !== null) this.#peer(message.from)?.noteHeld(message.origin, message.seq, now)
    }
    for (const { port, origin, seq, sentAt } of unacked) this.#peer(port)?.noteSent(origin, seq, sentAt, this.#settings)
    for (const { port, origin } of owed) this.#pendingAcks.to(port).acknowledge.add(origin)
    this.#antiEntropyAt = antiEntropyAt ?? now + this.#settings.antiEntropyMs * this.#random.next()
  }

  #greet(port: number, now: number) {
    this.#sendStatus(port, 'hello', [])
    if (this.#neighbourhood.has(port)) this.#expectAnswer(this.#peer(port), now)
  }

  /** Answers a neighbour that begins a life, so that it need not repeat its question. */
  #greetBack(peer: Peer) {
    if (this.#settings.retries > 0 && this.#neighbourhood.has(peer.port)) this.#sendStatus(peer.port, 'hello', [])
  }

  /** Returns why a typed text cannot be a message of this node, or undefined when it can. */
  problemOf(text: string): string | undefined {
    const problem = textProblem(text) ?? (this.#log.full ? 'the log is full' : undefined)
    const oversized = problem === undefined ? this.#oversize.ofText(encodeText(text)) : undefined
    return oversized ? `the text ${cannotBeSent(oversized)}` : problem
  }

  /** Rule 1 for a typed text. Refuses a text that cannot be a message. */
  #onMessage(text: string, now: number) {
    const problem = this.problemOf(text)
    if (problem !== undefined) {
      this.#report({ type: 'refused', from: this.port, why: problem })
      return
    }
    this.#originate(encodeText(text), now)
    this.#lives.settle(now)
  }

  /** Stores a text in its wire form as a message of this node, and passes it on. */
  #originate(text: string, now: number) {
    const entry = { origin: this.self, seq: this.#log.lowestNotSeen(this.self), text }
    const added = this.#log.add({ ...entry, from: null }, this.#lives.listener)
    if (added === 'new') this.#spread(entry, undefined, now)
    else this.#report({ type: 'refused', from: this.port, why: 'the log is full' })
  }

  #onDatagram(datagram: Datagram, now: number) {
    if (datagram.sender === this.port) {
      this.#report({ type: 'refused', from: datagram.sender, why: 'it claims to be sent by this node' })
      return
    }
    const peer = this.#peer(datagram.sender)
    if (!peer) {
      this.#report({ type: 'refused', from: datagram.sender, why: 'too many peers' })
      return
    }
    peer.noteHeard(now)
    if (this.#neighbourhood.adopt(peer.port)) this.#report({ type: 'neighbour', port: peer.port })
    if (datagram.kind === 'rumor') this.#onRumor(datagram, peer, now)
    else if (datagram.kind === 'status') this.#onStatus(datagram, peer, now)
    else for (const rumor of datagram.rumors) this.#onRumor(rumor, peer, now)
    peer.heardAt = now
  }

  /** Rules 1 and 2. A rumor that is refused for good gets no answer: a status would only trigger a resend. */
  #onRumor(rumor: Rumor, peer: Peer, now: number) {
    const { origin, seq, text, sender: from } = rumor
    const arrival = { origin, seq, text, from }
    const isForged = this.#lives.isForged(rumor, now, this.#settings.antiEntropyMs)
    const added = isForged ? 'held' : this.#log.add(arrival, this.#lives.listener)
    if (isForged || added === 'full') {
      const why = isForged ? 'it claims to be from this node and is not' : 'the log is full'
      this.#report({ type: 'refused', from, why })
      return
    }
    if (added === 'conflict') this.#onConflict(arrival, peer, now)
    if (added === 'too far ahead')
      this.#report({ type: 'refused', from, why: 'its number is too far ahead of what is held' })
    peer.noteHeld(origin, seq, now)
    if (added === 'new') {
      if (this.#isBeyondGap(rumor)) this.#report({ type: 'kept-back', origin, seq, from })
      this.#reportOversized(rumor)
      this.#spread(rumor, from, now)
    }
    this.#pendingAcks.to(from).acknowledge.add(origin)
    this.#lives.settle(now)
  }

  /** The first text of a number stays, unless its node has lost a life. */
  #onConflict(rival: Arrival, peer: Peer, now: number) {
    const { origin, seq } = rival
    const verdict = this.#lives.dispute(rival)
    if (verdict === 'takes the number') return
    this.#report({ type: 'refused', from: peer.port, why: 'another text is held under this number' })
    const text = this.#log.text(origin, seq)
    if (verdict === 'is new' && text !== undefined) this.#sendRumor(peer, { origin, seq, text }, 'missing', now)
  }

  /** Sends a message to the neighbours that have one under its number: their statuses do not say which text it is. */
  #show(entry: Entry, now: number) {
    for (const port of this.#neighbourhood.ports) {
      const peer = this.#peer(port)
      if (peer?.holds(entry.origin, entry.seq)) this.#sendRumor(peer, entry, 'missing', now)
    }
  }

  /** Rule 3. */
  #onStatus(status: Status, peer: Peer, now: number) {
    this.#lives.noteStatus(status, now, this.#settings.antiEntropyMs)
    const noted = peer.noteStatus(status, now, this.#settings)
    if (!noted) return
    const { arrived, isNewLife } = noted
    if (isNewLife) this.#greetBack(peer)
    const lacked = lackedBy(peer, this.#log, status)
    // A message that is too large to send must not keep this node from asking for messages that it lacks itself.
    const sendable = lacked.filter((origin) => !this.#isBlocked(peer, origin, peer.lowestNotSeen(origin)))
    peer.lacked = sendable
    const wanted = sendable.length > 0 ? [] : wantedFrom(status.pairs, this.#log, this.self)
    const verdict = wanted.length > 0 ? 'I lack' : lacked.length > 0 ? 'they lack' : 'agree'
    this.#report({ type: 'compared', with: peer.port, verdict })
    this.#sendMissing(sendable, peer, now)
    for (const origin of wanted)
      if (peer.shouldAsk(origin, this.#log.lowestNotSeen(origin), now, this.#settings))
        this.#pendingAcks.to(peer.port).ask.add(origin)
    const isDone = sendable.length === 0 && wanted.length === 0
    if (isDone) for (const unacked of arrived) this.#flipCoin(unacked, peer.port, now)
  }

  /**
   * Rule 3a. Invariant: afterwards the first `window` rumors that the peer lacks are in flight. Rumors from beyond a
   * gap do not count, because only filling the gap gets them acknowledged.
   */
  #sendMissing(lacked: Iterable<Origin>, peer: Peer, now: number) {
    let room = this.#settings.window
    let bytes = MAX_ANSWER_BYTES
    for (const origin of lacked) {
      const held = this.#log.lowestNotSeen(origin)
      for (let seq = peer.lowestNotSeen(origin); seq < held; seq += 1) {
        if (room <= 0 || bytes <= 0) return
        if (this.#isBlocked(peer, origin, seq)) break
        room -= 1
        if (peer.onItsWay(origin, seq, now, this.#settings) || this.#batches.has(peer.port, origin, seq)) continue
        const text = this.#log.text(origin, seq) ?? ''
        this.#sendTogether(peer, { origin, seq, text }, 'missing', now)
        this.#batches.hasten(peer.port)
        bytes -= byteLength(text)
      }
    }
  }

  /** Rule 3c. */
  #flipCoin({ origin, seq }: Unacked, except: number, now: number) {
    const heads = this.#random.next() >= this.#settings.coin
    // Leaves out silent neighbours: between two dead ones a message would go to and fro for ever.
    const others = this.#neighbourhood
      .without(origin, seq, except)
      .filter((port) => !this.#neighbourhood.isSilent(port))
    const [next] = heads ? [] : this.#random.pick(this.#unblocked(others, origin, seq), 1)
    this.#report({ type: 'coin', origin, seq, heads, goesOnTo: next ?? null })
    const text = this.#log.text(origin, seq)
    if (next !== undefined && text !== undefined) this.#push(next, { origin, seq, text }, 'coin', now)
  }

  #wake(now: number) {
    for (const peer of this.#neighbourhood.known()) {
      this.#noteTimedOut(peer, now)
      this.#repeatRumor(peer, now)
      this.#repeatQuestion(peer, now)
    }
    if (now >= this.#antiEntropyAt) this.#antiEntropy(now)
  }

  /** Rule 4. A stranger's silence means nothing: the port may have been made up. */
  #noteTimedOut(peer: Peer, now: number) {
    const isNeighbour = this.#neighbourhood.has(peer.port)
    for (const unacked of peer.takeTimedOut(now, isNeighbour ? this.#settings : { ...this.#settings, retries: 0 })) {
      if (!isNeighbour || this.#isBeyondGap(unacked)) continue
      peer.silent = true
      peer.takesBatches = false
      this.#report({ type: 'silent', to: peer.port, origin: unacked.origin, seq: unacked.seq })
      this.#flipCoin(unacked, peer.port, now)
    }
  }

  /** No status can acknowledge a message beyond a gap of this node's log, so the silence means nothing. */
  #isBeyondGap({ origin, seq }: Pick<Unacked, 'origin' | 'seq'>): boolean {
    return seq >= this.#log.lowestNotSeen(origin)
  }

  #repeatRumor(peer: Peer, now: number) {
    const unacked = peer.takeRetry(now, this.#settings, (one) => !this.#isBeyondGap(one))
    if (!unacked || !this.#neighbourhood.has(peer.port)) return
    const { origin, seq } = unacked
    const text = this.#log.text(origin, seq)
    if (text !== undefined) this.#sendRumor(peer, { origin, seq, text }, 'repeat', now)
  }

  /** Rule 5. */
  #antiEntropy(now: number) {
    this.#lives.noteRound(now, this.#settings.antiEntropyMs)
    const statuses = this.#statuses([])
    for (const port of this.#neighbourhood.ports)
      for (const status of statuses) this.#send(port, 'anti-entropy', status)
    this.#antiEntropyAt = now + this.#settings.antiEntropyMs
  }

  #repeatQuestion(peer: Peer, now: number) {
    const { pendingStatus } = peer
    if (!pendingStatus || now < pendingStatus.at) return
    if (pendingStatus.tries >= this.#settings.retries) {
      peer.pendingStatus = undefined
      return
    }
    this.#sendStatus(peer.port, 'ask', [])
    peer.pendingStatus = { ...pendingStatus, at: now + this.#settings.ackTimeoutMs, tries: pendingStatus.tries + 1 }
  }

  #expectAnswer(peer: Peer | undefined, now: number) {
    if (peer && !peer.pendingStatus && this.#settings.retries > 0)
      peer.pendingStatus = { since: now, at: now + this.#settings.ackTimeoutMs, tries: 0 }
  }

  #flushAcks(now: number) {
    for (const [port, { acknowledge, ask }] of this.#pendingAcks.take()) {
      this.#sendStatus(port, acknowledge.size > 0 ? 'ack' : 'ask', [...acknowledge, ...ask])
      if (ask.size > 0) this.#expectAnswer(this.#peer(port), now)
    }
  }

  #configure({ neighbours, settings }: Input & { kind: 'configure' }, now: number) {
    if (settings) {
      const soonest = now + settings.antiEntropyMs
      this.#settings = settings
      this.#batches.hastenAll()
      this.#antiEntropyAt = Math.min(this.#antiEntropyAt, soonest)
    }
    for (const port of neighbours ? this.#neighbourhood.replace(neighbours) : []) this.#greet(port, now)
  }

  #onNeighbourUp(port: number, generation: number, now: number) {
    const peer = this.#neighbourhood.has(port) ? this.#peer(port) : undefined
    // The neighbour's own greeting may have been faster; then it has its answer already.
    if (!peer || this.#settings.retries === 0 || peer.isIn(generation)) return
    peer.forget()
    this.#batches.drop(port)
    this.#sendMissing(lackedBy(peer, this.#log, { pairs: [], partial: false }), peer, now)
  }

  #lastWords(now: number) {
    this.#lives.end(now)
    this.#batches.hastenAll()
    this.#flushBatches(now)
    for (const peer of this.#neighbourhood.ports.map((port) => this.#peer(port))) {
      let seq = peer?.lowestNotSeen(this.self) ?? 0
      for (let sent = 0; peer && sent < MAX_LAST_WORDS; seq += 1) {
        const text = this.#log.text(this.self, seq)
        if (text === undefined) break
        if (peer.onItsWay(this.self, seq, now, this.#settings)) continue
        this.#sendRumor(peer, { origin: this.self, seq, text }, 'new', now)
        sent += 1
      }
    }
  }

  /** Rule 1: forwards to `fanout` of the neighbours that are not known to have the message. */
  #spread(entry: Entry, from: number | undefined, now: number) {
    const { origin, seq } = entry
    const candidates = this.#unblocked(this.#neighbourhood.without(origin, seq, from), origin, seq)
    for (const port of this.#random.pick(candidates, this.#settings.fanout)) this.#push(port, entry, 'new', now)
  }

  /** Sends at once, unless so many rumors are in flight that the peer's next status should request the rest (3a). */
  #push(port: number, { origin, seq, text }: Entry, why: Why, now: number) {
    const peer = this.#peer(port)
    if (peer && peer.unacked.size + this.#batches.size(port) < MAX_EAGER)
      this.#sendTogether(peer, { origin, seq, text }, why, now)
  }

  /** Sends with other rumors, at the end of this step or later, if the settings and the peer allow it; else at once. */
  #sendTogether(peer: Peer, entry: Entry, why: Why, now: number) {
    if (this.#settings.batchMs > 0 && peer.takesBatches && this.#neighbourhood.has(peer.port))
      this.#batches.add(peer.port, entry, why)
    else this.#sendRumor(peer, entry, why, now)
  }

  #flushBatches(now: number) {
    if (!this.#batches.any) return
    for (const { port, why, names } of this.#batches.takeDue(now, this.#settings.batchMs)) {
      const peer = this.#peer(port)
      if (!peer) continue
      const rumors: Rumor[] = []
      for (const { origin, seq } of names) {
        const text = this.#log.text(origin, seq)
        // The peer may have sent a new rumor itself meanwhile. A message missing from its status it truly lacks.
        const isObsolete = why !== 'missing' && peer.holds(origin, seq)
        if (text === undefined || isObsolete || this.#isBlocked(peer, origin, seq)) continue
        peer.noteSent(origin, seq, now, this.#settings)
        rumors.push({ kind: 'rumor', sender: this.port, origin, seq, text })
      }
      const mostBytes = peer.takesBatches ? this.#longestStatus : 0
      for (const datagram of pack(rumors, mostBytes)) this.#send(port, why, datagram)
    }
  }

  #sendRumor(peer: Peer, { origin, seq, text }: Entry, why: Why, now: number) {
    if (this.#isBlocked(peer, origin, seq)) return
    peer.noteSent(origin, seq, now, this.#settings)
    this.#send(peer.port, why, { kind: 'rumor', sender: this.port, origin, seq, text })
  }

  /** The status names its subject's origin first, even with no message stored (report, Status Message). */
  #sendStatus(to: number, why: Why, first: readonly Origin[]) {
    let named = 0
    for (const status of this.#statuses(first)) {
      this.#send(to, why, status)
      named += status.pairs.length
      // An answer needs only the parts that name the origins in question; a round of anti-entropy sends all parts.
      if (first.length > 0 && named >= first.length) return
    }
  }

  #statuses(first: readonly Origin[]): Status[] {
    return splitStatus(this.port, this.#pairs(first), this.#longestStatus, this.#settings.batchMs > 0)
  }

  #limit(bytes: number) {
    this.#longestStatus = longestStatus(bytes)
    this.#oversize.limit(bytes)
    for (const entry of this.#log.entries()) this.#reportOversized(entry)
  }

  #reportOversized({ origin, seq, text }: Entry) {
    const oversized = this.#oversize.note({ origin, seq, text })
    if (oversized) this.#report({ type: 'oversized', origin, seq, ...oversized })
  }

  /** Returns whether a message is too large to send, or comes after such a one that the peer lacks. */
  #isBlocked(peer: Peer, origin: Origin, seq: number): boolean {
    return this.#oversize.any && this.#oversize.blocks(origin, seq, peer.lowestNotSeen(origin))
  }

  /** Returns the ports to which a message can be sent. */
  #unblocked(ports: number[], origin: Origin, seq: number): number[] {
    if (!this.#oversize.any) return ports
    return ports.filter((port) => {
      const peer = this.#peer(port)
      return peer !== undefined && !this.#isBlocked(peer, origin, seq)
    })
  }

  #pairs(first: readonly Origin[]): Pair[] {
    const origins = new Set([...first, this.self, ...this.#log.origins()])
    return Array.from(origins, (origin) => this.#log.pair(origin))
  }

  #send(to: number, why: Why, datagram: Datagram) {
    this.#effects.push({ kind: 'send', to, why, datagram })
  }

  #reportStored({ origin, seq, text: wire, from }: Arrival) {
    const text = decodeText(wire)
    const isOurForm = wire === encodeText(text)
    this.#report({ type: 'stored', origin, seq, text, from, ...(isOurForm ? {} : { wire }) })
  }

  #report(fact: Fact) {
    this.#effects.push({ kind: 'report', fact })
  }

  #peer(port: number): Peer | undefined {
    return this.#neighbourhood.peer(port)
  }
}
