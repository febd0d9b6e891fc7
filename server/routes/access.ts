/**
 * Who may act. On loopback whoever gets in acts. In a classroom the presenter proves to be the presenter by a key;
 * everybody else watches.
 *
 * The key is in the part of the presenter's address that is never sent (`#key=`). The page exchanges it at once for a
 * cookie that no script can read and no other site can make a browser send, and takes it out of the address bar.
 * Scripts send it as `authorization: Bearer`.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Role } from '../../shared/protocol.ts'
import { now } from '../clock.ts'

export interface Access {
  readonly needsKey: boolean
  roleOf(headers: IncomingHttpHeaders): Role
  /** The cookie for whoever has the key or a ticket; undefined for everybody else. */
  enter(proof: string, headers: IncomingHttpHeaders): string | undefined
}

export const EVERYBODY_ACTS: Access = { needsKey: false, roleOf: () => 'presenter', enter: () => undefined }

/** How long the address that is given to this machine's browser can be used, in ms. */
const TICKET_LIVES_MS = 120_000

export class KeyedAccess implements Access {
  readonly needsKey = true
  /** 256 bits: nobody guesses it, so attempts need no counting. */
  readonly key = randomBytes(32).toString('base64url')
  readonly #hash = hashOf(this.key)
  readonly #clock: () => number
  #tickets: { readonly hash: Buffer; readonly until: number }[] = []

  constructor(clock: () => number = now) {
    this.#clock = clock
  }

  /**
   * Opens the door once, and soon or never: other users of this machine can see with which address a browser is
   * started, so that address must not hold the key.
   */
  ticket(): string {
    const ticket = randomBytes(32).toString('base64url')
    this.#tickets.push({ hash: hashOf(ticket), until: this.#clock() + TICKET_LIVES_MS })
    return ticket
  }

  roleOf({ authorization, cookie, host }: IncomingHttpHeaders): Role {
    const bearer = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1]
    const proofs = [bearer, cookieIn(cookie, cookieName(host))]
    return proofs.some((proof) => proof !== undefined && this.#isKey(proof)) ? 'presenter' : 'viewer'
  }

  enter(proof: string, { host }: IncomingHttpHeaders): string | undefined {
    if (!this.#isKey(proof) && !this.#redeem(proof)) return undefined
    return `${cookieName(host)}=${this.key}; Path=/api; HttpOnly; SameSite=Strict`
  }

  #isKey(proof: string): boolean {
    return timingSafeEqual(hashOf(proof), this.#hash)
  }

  #redeem(proof: string): boolean {
    const hash = hashOf(proof)
    this.#tickets = this.#tickets.filter(({ until }) => until > this.#clock())
    const place = this.#tickets.findIndex((ticket) => timingSafeEqual(ticket.hash, hash))
    if (place >= 0) this.#tickets.splice(place, 1)
    return place >= 0
  }
}

/** Of equal length whatever came, so that comparing takes the same time whatever came. */
const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Cookies do not know ports: two labs on one machine need two names. */
const cookieName = (host: string | undefined): string => `rumorscope-${/:(\d+)$/.exec(host ?? '')?.[1] ?? '80'}`

function cookieIn(header: string | undefined, name: string): string | undefined {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim())
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1)
}
