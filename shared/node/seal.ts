/**
 * The shared-key mode: each datagram carries, after the report's text,
 *
 *     ;<SenderPort>;<Session>;<Counter>;<Time>;<Mac>
 *
 * The MAC is an HMAC-SHA-256 under the key that all nodes share, of which 16 bytes travel in base64url. It covers the
 * receiver's port, which does not travel, and everything before it: a datagram recorded on the way to one node is
 * invalid at another. Without a key a datagram is the report's, byte for byte.
 *
 * Protected: without the key nobody can make a node accept, or answer, a forged or changed datagram, or one that was
 * accepted before; see freshness.ts for restarts. Not protected: texts can be read; datagrams can be withheld; a port
 * can be flooded (rate-limit.ts); and each owner of the key can impersonate any node.
 */
import { MAX_SEAL_BYTES } from '../gossip/limits.ts'
import { bytesOf } from '../gossip/text.ts'
import { Freshness, type Moment } from './freshness.ts'
import type { Mac, Platform } from './platform.ts'

/** Reason why a datagram is rejected. */
export type Broken = 'unkeyed' | 'forged' | 'replayed'

export const BROKEN_IN_WORDS: Readonly<Record<Broken, string>> = {
  unkeyed: 'it carries no seal',
  forged: 'its seal does not match the key of this node',
  replayed: 'it is a replay, or too old',
}

export type Opened =
  | { readonly sender: number; readonly bytes: Uint8Array }
  /** Includes the port that the datagram claims to be from. */
  | { readonly broken: Broken }

const SEAL = /;(\d{1,5});(\d{1,16});(\d{1,16});(\d{1,16});([\w-]{22})$/

/** Imports its modules on demand: a node without a key starts faster. */
export async function sealOf(key: string, port: number, platform: Platform): Promise<Seal> {
  const mac = await platform.openMac(key)
  return new Seal(mac, port, () => ({ wall: platform.wallClock(), steady: platform.now() }))
}

export class Seal {
  readonly #mac: Mac
  readonly #port: number
  readonly #freshness: Freshness
  readonly #session: number
  readonly #clock: () => Moment
  /** A datagram that a link or a node repeats is the same one, and is accepted once. */
  readonly #closed = new WeakMap<Uint8Array, Uint8Array>()
  #counter = 0

  constructor(mac: Mac, port: number, clock: () => Moment) {
    this.#mac = mac
    this.#port = port
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
    const signed = concat(bytes, bytesOf(stamp))
    const sealed = concat(signed, bytesOf(`;${this.#mac.of(to, signed)}`))
    this.#closed.set(bytes, sealed)
    return sealed
  }

  open(bytes: Uint8Array): Opened {
    const end = String.fromCharCode(...bytes.subarray(-MAX_SEAL_BYTES))
    const [whole, sender, session, counter, sealedAt, mac] = SEAL.exec(end) ?? []
    if (whole === undefined || mac === undefined) return { broken: 'unkeyed' }
    const signed = bytes.subarray(0, bytes.length - mac.length - 1)
    if (!this.#mac.isOf(mac, this.#port, signed)) return { broken: 'forged' }
    const stamp = {
      sender: Number(sender),
      session: Number(session),
      counter: Number(counter),
      sealedAt: Number(sealedAt),
    }
    if (!this.#freshness.takes(stamp, this.#clock())) return { broken: 'replayed' }
    return { sender: stamp.sender, bytes: bytes.subarray(0, bytes.length - whole.length) }
  }
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}
