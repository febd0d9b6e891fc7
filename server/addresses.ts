/** Under which addresses and names this machine can be reached, and which of them are for viewers. */
import { isIPv6 } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'

export type Interfaces = ReturnType<typeof networkInterfaces>

/** As they stand in an address bar: those of IPv6 in brackets. */
const LOOPBACK_NAMES: readonly string[] = ['127.0.0.1', 'localhost', '[::1]']
/** Interfaces of virtual machines, containers and tunnels: viewers are seldom behind those. */
const VIRTUAL = /^(docker|br-|veth|virbr|vmnet|vbox|vethernet|utun|tun|tap|zt|wg)/i

export const isLoopback = (address: string): boolean => address === '::1' || address.startsWith('127.')

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
    .filter(({ address, internal }) => !internal && !address.startsWith('fe80:'))
    .filter(({ family }) => family === 'IPv4' || host === '::')
    .sort((a, b) => rank(a) - rank(b))
    .map(({ address }) => address)
}

const rank = ({ name, family }: { readonly name: string; readonly family: string }): number =>
  (VIRTUAL.test(name) ? 2 : 0) + (family === 'IPv4' ? 0 : 1)

/**
 * Tells whether the Host header may name this machine so: loopback always; where others may come in also its
 * addresses, its name, and the names that were given.
 */
export function hostCheck(host: string, names: readonly string[] = []): (name: string) => boolean {
  const known = new Set([...LOOPBACK_NAMES, ...names])
  if (isLoopback(host)) return (name) => known.has(name)
  const own = hostname().toLowerCase()
  for (const name of [own, `${own.replace(/\..*$/, '')}.local`]) known.add(name)
  return (name) => known.has(name) || addressesOf(host).some((address) => inUrl(address) === name)
}
