/** Finds the addresses and names of this machine, and those among them that are for viewers. */
import { isIPv4, isIPv6 } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'

export type Interfaces = ReturnType<typeof networkInterfaces>

/** Interfaces of virtual machines, containers and tunnels: viewers are seldom behind those. */
const VIRTUAL = /^(docker|br-|veth|virbr|vmnet|vbox|vethernet|utun|tun|tap|zt|wg)/i

/** Prefix of IPv4 addresses on an IPv6 server. */
const MAPPED = /^::ffff:(?=\d+\.)/i

/** All of 127.0.0.0/8, and `::1`. */
export function isLoopback(address: string): boolean {
  const plain = address.replace(MAPPED, '')
  return plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'))
}

/** Returns whether a name means the machine itself on every machine. `name` is as in a URL. */
export const isOwnName = (name: string): boolean =>
  /(^|\.)localhost$/.test(name) || isLoopback(plainAddress(name.replace(/^\[|\]$/g, '')))

/**
 * Returns whether an address is valid on one link only: it needs a zone, as in `fe80::1%eth0`, which no address bar
 * accepts.
 */
export const isLinkLocal = (address: string): boolean =>
  isIPv6(address) && (address.includes('%') || /^fe[89ab]/.test(plainAddress(address)))

/**
 * Returns whether an address is multicast or broadcast: a system may let a program listen there, and nobody can
 * connect.
 */
export const isOfMany = (address: string): boolean =>
  /^(ff[0-9a-f]{2}:|(22[4-9]|23\d)\.|255\.255\.255\.255$)/.test(plainAddress(address))

/** Returns the spelling that browsers send back: IPv6 in lower case and shortened, IPv4-mapped addresses as IPv4. */
export function plainAddress(address: string): string {
  if (!isIPv6(address)) return address
  const short = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [, high = '', low = ''] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short) ?? []
  if (high === '') return short
  return [high, low].flatMap((half) => [Number.parseInt(half, 16) >> 8, Number.parseInt(half, 16) & 255]).join('.')
}

/** Returns the host as in a URL. */
export const inUrl = (address: string): string => (isIPv6(address) ? `[${address}]` : address)

/**
 * Returns the addresses by which others reach a socket on `host`, the likeliest first. Empty for loopback. Reads the
 * interfaces at each call: a laptop may change its network in the middle of a lecture.
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
 * Returns whether the Host header may name this machine so (without the port): loopback always; in a classroom also its
 * addresses and its name; and the given names.
 */
export function hostCheck(host: string, names: readonly string[] = []): (name: string) => boolean {
  const known = new Set(['localhost', '[::1]', ...names])
  const isKnown = (name: string) => known.has(name) || isLoopback(name)
  if (isLoopback(host)) return isKnown
  const own = hostname().toLowerCase()
  for (const name of [own, `${own.replace(/\..*$/, '')}.local`]) known.add(name)
  return (name) => isKnown(name) || addressesOf(host).some((address) => inUrl(address) === name)
}
