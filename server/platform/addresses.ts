/** Under which addresses and names this machine can be reached, and which of them are for viewers. */
import { isIPv4, isIPv6 } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'

export type Interfaces = ReturnType<typeof networkInterfaces>

/** Interfaces of virtual machines, containers and tunnels: viewers are seldom behind those. */
const VIRTUAL = /^(docker|br-|veth|virbr|vmnet|vbox|vethernet|utun|tun|tap|zt|wg)/i

/** A server on IPv6 sees addresses of IPv4 with this in front. */
const MAPPED = /^::ffff:(?=\d+\.)/i

/** All of 127.0.0.0/8, and `::1`. */
export function isLoopback(address: string): boolean {
  const plain = address.replace(MAPPED, '')
  return plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'))
}

/** Whether every machine calls itself so. `name` is as in a URL. */
export const isOwnName = (name: string): boolean =>
  /(^|\.)localhost$/.test(name) || isLoopback(plainAddress(name.replace(/^\[|\]$/g, '')))

/** Whether an address is good on one link only: it needs a zone, as in `fe80::1%eth0`, which no address bar takes. */
export const isLinkLocal = (address: string): boolean =>
  isIPv6(address) && (address.includes('%') || /^fe[89ab]/.test(plainAddress(address)))

/** Whether an address is that of a group or of everybody: a system may let a program listen there, and nobody can connect. */
export const isOfMany = (address: string): boolean =>
  /^(ff[0-9a-f]{2}:|(22[4-9]|23\d)\.|255\.255\.255\.255$)/.test(plainAddress(address))

/** In the one spelling that browsers send back: IPv6 in lower case and shortened, IPv4 that is mapped into it as IPv4. */
export function plainAddress(address: string): string {
  if (!isIPv6(address)) return address
  const short = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [, high = '', low = ''] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short) ?? []
  if (high === '') return short
  return [high, low].flatMap((half) => [Number.parseInt(half, 16) >> 8, Number.parseInt(half, 16) & 255]).join('.')
}

/** As a host stands in a URL. */
export const inUrl = (address: string): string => (isIPv6(address) ? `[${address}]` : address)

/**
 * The addresses by which others reach what listens on `host`, the likeliest first. None when it is loopback. Looked up
 * anew each time: a laptop changes its network in the middle of a lecture.
 */
export function addressesOf(host: string, interfaces: Interfaces = networkInterfaces()): string[] {
  if (isLoopback(host)) return []
  if (host !== '0.0.0.0' && host !== '::') return [host]
  return Object.entries(interfaces)
    .flatMap(([name, all = []]) => all.map(({ address, family, internal }) => ({ name, address, family, internal })))
    .filter(({ address, internal }) => !internal && !isLinkLocal(address))
    .filter(({ family }) => family === 'IPv4' || host === '::')
    .sort((a, b) => rank(a) - rank(b))
    .map(({ address }) => address)
}

const rank = ({ name, family }: { readonly name: string; readonly family: string }): number =>
  (VIRTUAL.test(name) ? 2 : 0) + (family === 'IPv4' ? 0 : 1)

/**
 * Tells whether the Host header may name this machine so (without the port): loopback always; where others may come in
 * also its addresses and its name; and the names that were given.
 */
export function hostCheck(host: string, names: readonly string[] = []): (name: string) => boolean {
  const known = new Set(['localhost', '[::1]', ...names])
  const isKnown = (name: string) => known.has(name) || isLoopback(name)
  if (isLoopback(host)) return isKnown
  const own = hostname().toLowerCase()
  for (const name of [own, `${own.replace(/\..*$/, '')}.local`]) known.add(name)
  return (name) => isKnown(name) || addressesOf(host).some((address) => inUrl(address) === name)
}
