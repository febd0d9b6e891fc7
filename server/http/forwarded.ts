/**
 * Decides whether a request came from this machine itself, or through a forwarder, such as a tunnel, a reverse proxy or
 * the port forwarding of an editor in the cloud. Forwarders connect from this machine and may rewrite Host, so only
 * their added headers show them. Anybody can forge those: they may take rights away, and never give any.
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { isLoopback } from '../platform/addresses.ts'
import { parseOrigin } from './authority.ts'

export type Visit = Pick<IncomingMessage, 'headers' | 'httpVersion' | 'socket'>

/**
 * Headers that no browser and no common client sends to a server by itself. Nearly all headers of forwarders begin with
 * `x-`; only scripts of pages add `x-requested-with`.
 */
const ADDED = [
  /^x-(?!requested-with$)/,
  /^(forwarded|via|cdn-loop|early-data|front-end-https|surrogate-capability)$/,
  /(^|-)(client|connecting|real|remote)-(ip|addr)$/,
  /^(akamai|cf|cloudfront|fastly|fly|ngrok|tailscale)-/,
]

/**
 * Returns whether the request certainly came from this machine. nginx speaks HTTP/1.0 to its upstream, and no browser
 * does any more.
 */
export function cameDirectly({ headers, httpVersion, socket }: Visit): boolean {
  if (!isLoopback(socket.remoteAddress ?? '') || httpVersion === '1.0') return false
  return !Object.keys(headers).some((name) => ADDED.some((pattern) => pattern.test(name)))
}

/** Returns every name under which the lab was requested, according to forwarders (X-Forwarded-Host, RFC 7239). */
export function forwardedHosts(headers: IncomingHttpHeaders): readonly string[] {
  const listed = ['x-forwarded-host', 'x-original-host'].flatMap((name) => text(headers, name).split(','))
  const named = Array.from(text(headers, 'forwarded').matchAll(/\bhost="?([^";,]*)/gi), ([, host = '']) => host)
  return [...listed, ...named].map((host) => host.trim()).filter((host) => host !== '')
}

/** Returns whether the browser speaks HTTPS, as far as the request shows. */
export function cameEncrypted(headers: IncomingHttpHeaders): boolean {
  if (headers.origin !== undefined) return parseOrigin(headers.origin)?.scheme === 'https'
  const [nearest = ''] = text(headers, 'x-forwarded-proto').split(',')
  return nearest.trim().toLowerCase() === 'https' || /\bproto="?https\b/i.test(text(headers, 'forwarded'))
}

const text = (headers: IncomingHttpHeaders, name: string): string => [headers[name] ?? ''].flat().join(',')
