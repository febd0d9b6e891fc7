/** Normalizes names of hosts in headers and options to the spelling of a browser. */

export interface Authority {
  /** As in a URL: lower case, IPv6 in brackets, without a final dot. */
  readonly name: string
  readonly port: number
  /** Whether the port was written, and not implied. */
  readonly hasPort: boolean
}

export type Scheme = 'http' | 'https'

/** Letters, digits and the other characters of a name, a port or an IPv6 address; not user, path, query or escapes. */
const AUTHORITY = /^[\w[][\w.:[\]-]*$/
export const USUAL_PORT = { http: 80, https: 443 } as const

/** Parses `name` or `name:port`. Returns undefined for anything else. */
export function parseAuthority(text: string, scheme: Scheme = 'http'): Authority | undefined {
  if (!AUTHORITY.test(text)) return undefined
  try {
    const { hostname, port } = new URL(`${scheme}://${text}`)
    const name = hostname.replace(/\.$/, '')
    return { name, port: port === '' ? USUAL_PORT[scheme] : Number(port), hasPort: /:\d+$/.test(text) }
  } catch {
    return undefined
  }
}

/** Parses an Origin header. Returns undefined for `null`, for several, and for schemes that the lab does not speak. */
export function parseOrigin(origin: string): (Authority & { readonly scheme: Scheme }) | undefined {
  const [, scheme = '', text = ''] = /^(https?):\/\/(.+)$/i.exec(origin) ?? []
  const spoken = scheme.toLowerCase() === 'https' ? 'https' : 'http'
  const authority = parseAuthority(text, spoken)
  return authority && { ...authority, scheme: spoken }
}
