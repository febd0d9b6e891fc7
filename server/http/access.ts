/**
 * Decides who may act: owners of the key, and without one clients of this machine, if no other machine can reach the
 * lab by any name. Everybody else watches.
 *
 * The key is in the part of the presenter's address that is never sent (`#key=`). The page exchanges it at once for a
 * cookie that no script can read and no other site can make a browser send, and removes it from the address bar.
 * Scripts send it as `authorization: Bearer`.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Role } from '../../shared/wire/protocol.ts'
import { isLoopback } from '../platform/addresses.ts'
import { now } from '../platform/clock.ts'
import { parseAuthority } from './authority.ts'
import { cameDirectly, cameEncrypted, type Visit } from './forwarded.ts'

/** Returns the access rules of a lab that listens on this address and has these further names. */
export const accessFor = (host: string, names: readonly string[]): Access =>
  new Access({ needsKey: !isLoopback(host) || names.length > 0 })

export interface AccessOptions {
  /** Whether clients of this machine need it too. A request that may come from elsewhere always needs it. */
  readonly needsKey: boolean
  readonly clock?: () => number
}

/** Time for which the address for this machine's browser is valid, in ms. */
const TICKET_LIVES_MS = 120_000

export class Access {
  readonly needsKey: boolean
  /** 256 bits: guessing is impossible, so attempts need no limit. */
  readonly key = randomBytes(32).toString('base64url')
  readonly #hash = hashOf(this.key)
  readonly #clock: () => number
  #tickets: { readonly hash: Buffer; readonly until: number }[] = []

  constructor({ needsKey, clock = now }: AccessOptions) {
    this.needsKey = needsKey
    this.#clock = clock
  }

  /**
   * A ticket, valid once and briefly: other users of this machine can see the address that a browser is started with,
   * so that address must not contain the key.
   */
  ticket(): string {
    const ticket = randomBytes(32).toString('base64url')
    this.#tickets.push({ hash: hashOf(ticket), until: this.#clock() + TICKET_LIVES_MS })
    return ticket
  }

  /** Called for each request and each WebSocket, so a page on this machine continues while others need the key. */
  roleOf(visit: Visit): Role {
    if (!this.needsKey && cameDirectly(visit)) return 'presenter'
    const { authorization, cookie, host } = visit.headers
    const bearer = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1]
    const proofs = [...(bearer === undefined ? [] : [bearer]), ...cookiesIn(cookie, host)]
    return proofs.some((proof) => this.#isKey(proof)) ? 'presenter' : 'viewer'
  }

  /** Returns the cookie for a client with the key or a ticket; undefined for all others. */
  enter(proof: string, headers: IncomingHttpHeaders): string | undefined {
    if (!this.#isKey(proof) && !this.#redeem(proof)) return undefined
    const cookie = `${cookieName(headers.host)}=${this.key}; Path=/api; HttpOnly; SameSite=Strict`
    // With this prefix no page that came by HTTP can set another cookie in its place.
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

/** Hashes first, so that the comparison takes the same time for inputs of any length. */
const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Cookies are not separated by port: two labs on one machine need two names. */
const cookieName = (host = ''): string => `rumorscope-${parseAuthority(host)?.port ?? 0}`

/** Prefix of cookies that browsers accept over HTTPS only (RFC 6265bis). */
const SECURE = '__Secure-'

/**
 * Returns all candidate values: another program that can set cookies for this host may have put one before the lab's.
 */
function cookiesIn(header: string | undefined, host: string | undefined): readonly string[] {
  const name = cookieName(host)
  const pairs = (header ?? '').split(';').map((pair) => pair.trim().split('='))
  return pairs.flatMap(([key, value]) => (value && (key === name || key === SECURE + name) ? [value] : []))
}
