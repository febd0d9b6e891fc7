/**
 * The shared-key mode: behind the report's text each datagram carries
 *
 *     ;<SenderPort>;<Session>;<Counter>;<Time>;<Mac>
 *
 * The MAC is an HMAC-SHA-256 under the key that all nodes share, of which 16 bytes travel in base64url. It covers the
 * receiver's port, which does not travel, and everything before it: what was recorded on the way to one node means
 * nothing to another. Without a key none of this exists, and a datagram is the report's, byte for byte.
 *
 * Protected: who lacks the key can make no node take, or answer, a datagram of his own, one that he has changed, or
 * one that was taken before; see freshness.ts for what happens when nodes restart. Not protected: texts can be read;
 * datagrams can be withheld; a port can be flooded (rate-limit.ts); and each who has the key can speak for all.
 */
import { MAX_SEAL_BYTES } from '../../shared/gossip/limits.ts'
import { now } from '../platform/clock.ts'
import { Freshness, type Moment } from './freshness.ts'

type Crypto = Pick<typeof import('node:crypto'), 'createHmac' | 'timingSafeEqual'>

/** Why a datagram is not taken. */
export type Broken = 'unkeyed' | 'forged' | 'replayed'

export const BROKEN_IN_WORDS: Readonly<Record<Broken, string>> = {
  unkeyed: 'it carries no seal',
  forged: 'its seal was not made with the key of this node',
  replayed: 'it was here before, or is of before',
}

export type Opened =
  | { readonly sender: number; readonly bytes: Uint8Array }
  /** With the port that it claims to be from. */
  | { readonly broken: Broken }

const MAC_BYTES = 16
const SEAL = /;(\d{1,5});(\d{1,16});(\d{1,16});(\d{1,16});([\w-]{22})$/

const moment = (): Moment => ({ wall: Date.now(), steady: now() })

/** Loads what it needs only now: a node without a key starts faster. */
export async function sealOf(key: string, port: number): Promise<Seal> {
  return new Seal(key, port, await import('node:crypto'))
}

export class Seal {
  readonly #key: string
  readonly #port: number
  readonly #crypto: Crypto
  readonly #freshness: Freshness
  readonly #session: number
  readonly #clock: () => Moment
  /** A datagram that leaves again, because a link or a node repeats it, is the same one, and is taken once. */
  readonly #closed = new WeakMap<Uint8Array, Uint8Array>()
  #counter = 0

  constructor(key: string, port: number, crypto: Crypto, clock = moment) {
    this.#key = key
    this.#port = port
    this.#crypto = crypto
    this.#clock = clock
    const began = clock()
    this.#session = began.wall
    this.#freshness = new Freshness(began)
  }

  close(bytes: Uint8Array, to: number): Uint8Array {
    const before = this.#closed.get(bytes)
    if (before) return before
    this.#counter += 1
    const stamp = `;${this.#port};${this.#session};${this.#counter};${this.#clock().wall}`
    const signed = Buffer.concat([bytes, Buffer.from(stamp)])
    const sealed = Buffer.concat([signed, Buffer.from(`;${this.#mac(signed, to).toString('base64url')}`)])
    this.#closed.set(bytes, sealed)
    return sealed
  }

  open(bytes: Uint8Array): Opened {
    const end = Buffer.from(bytes.subarray(-MAX_SEAL_BYTES)).toString('latin1')
    const [whole, sender, session, counter, sealedAt, mac] = SEAL.exec(end) ?? []
    if (whole === undefined || mac === undefined) return { broken: 'unkeyed' }
    const signed = bytes.subarray(0, bytes.length - mac.length - 1)
    // The last character of 22 has bits that mean nothing; comparing bytes passes over them.
    if (!this.#crypto.timingSafeEqual(this.#mac(signed, this.#port), Buffer.from(mac, 'base64url')))
      return { broken: 'forged' }
    const stamp = {
      sender: Number(sender),
      session: Number(session),
      counter: Number(counter),
      sealedAt: Number(sealedAt),
    }
    if (!this.#freshness.takes(stamp, this.#clock())) return { broken: 'replayed' }
    return { sender: stamp.sender, bytes: bytes.subarray(0, bytes.length - whole.length) }
  }

  #mac(signed: Uint8Array, receiver: number): Buffer {
    const hmac = this.#crypto.createHmac('sha256', this.#key)
    return hmac.update(`${receiver};`).update(signed).digest().subarray(0, MAC_BYTES)
  }
}
