/**
 * Who may act: whoever has the key; and without it whoever is on this machine, where nobody else can come in by any name.
 * Everybody else watches.
 *
 * The key is in the part of the presenter's address that is never sent (`#key=`). The page exchanges it at once for a
 * cookie that no script can read and no other site can make a browser send, and takes it out of the address bar.
 * Scripts send it as `authorization: Bearer`.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Role } from '../../shared/wire/protocol.ts'
import { isLoopback } from '../platform/addresses.ts'
import { now } from '../platform/clock.ts'
import { parseAuthority } from './authority.ts'
import { cameDirectly, cameEncrypted, type Visit } from './forwarded.ts'

/** Returns who may act on a lab that listens on this address and is found by these further names. */
export const accessFor = (host: string, names: readonly string[]): Access =>
  new Access({ needsKey: !isLoopback(host) || names.length > 0 })

export interface AccessOptions {
  /** Also for who comes from this machine. A request that may come from elsewhere needs it in any case. */
  readonly needsKey: boolean
  readonly clock?: () => number
}

/** How long the address that is given to this machine's browser can be used, in ms. */
const TICKET_LIVES_MS = 120_000

export class Access {
  readonly needsKey: boolean
  /** 256 bits: nobody guesses it, so attempts need no counting. */
  readonly key = randomBytes(32).toString('base64url')
  readonly #hash = hashOf(this.key)
  readonly #clock: () => number
  #tickets: { readonly hash: Buffer; readonly until: number }[] = []

  constructor({ needsKey, clock = now }: AccessOptions) {
    this.needsKey = needsKey
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

  /** Asked anew for each request and each WebSocket, so a page on this machine goes on while others need the key. */
  roleOf(visit: Visit): Role {
    if (!this.needsKey && cameDirectly(visit)) return 'presenter'
    const { authorization, cookie, host } = visit.headers
    const bearer = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1]
    const proofs = [...(bearer === undefined ? [] : [bearer]), ...cookiesIn(cookie, host)]
    return proofs.some((proof) => this.#isKey(proof)) ? 'presenter' : 'viewer'
  }

  /** Returns the cookie for whoever has the key or a ticket; undefined for everybody else. */
  enter(proof: string, headers: IncomingHttpHeaders): string | undefined {
    if (!this.#isKey(proof) && !this.#redeem(proof)) return undefined
    const cookie = `${cookieName(headers.host)}=${this.key}; Path=/api; HttpOnly; SameSite=Strict`
    // With this in front of its name no page that came by HTTP can set another one in its place.
    return cameEncrypted(headers) ? `${SECURE}${cookie}; Secure` : cookie
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
const cookieName = (host = ''): string => `rumorscope-${parseAuthority(host)?.port ?? 0}`

/** The prefix of cookies that browsers take over HTTPS only (RFC 6265bis). */
const SECURE = '__Secure-'

/** Values of all that may be the lab's: whoever can set cookies for this host may have put another one before it. */
function cookiesIn(header: string | undefined, host: string | undefined): readonly string[] {
  const name = cookieName(host)
  const pairs = (header ?? '').split(';').map((pair) => pair.trim().split('='))
  return pairs.flatMap(([key, value]) => (value && (key === name || key === SECURE + name) ? [value] : []))
}
