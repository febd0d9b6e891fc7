/** Refuses input that is not a valid request, in the form of every other refusal, and says what to send instead. */
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'

/** Maximum body of one REST request, in bytes. */
export const MAX_BODY_BYTES = 65_536

/** Headers of every answer. */
export const ALWAYS = { 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'same-origin' }

/** Time limits of a request, in ms: a slower one only occupies a connection. */
export const HEADERS_WITHIN_MS = 10_000
export const REQUEST_WITHIN_MS = 20_000

type Refused = readonly [code: 400 | 408 | 431, error: string]

const IN_TIME = `the headers within ${HEADERS_WITHIN_MS / 1_000} s, all of it within ${REQUEST_WITHIN_MS / 1_000} s`
const BY_CODE: Readonly<Record<string, Refused>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, `the request did not arrive in time: send ${IN_TIME}`],
  HPE_HEADER_OVERFLOW: [431, 'the headers of the request are too large: send fewer, or delete cookies of this address'],
}
const NOT_HTTP: Refused = [400, 'this is not an HTTP/1.1 request: open the address with http://, not https://']

/** Allowed body sizes, by address. */
const BODIES: Readonly<Record<string, string>> = {
  '/api/commands': '{"line": "<command>"}, as in {"line": "0 msg 1 hello"}',
  '/api/session': '{"key": "<key>"}',
}

/** Returns the sentence for an error on the way to an answer. Details for the presenter only stay at the terminal. */
export function wordsFor({ statusCode = 500, message }: FastifyError, url: string): string {
  if (statusCode >= 500) return 'this is a bug in Rumorscope; its terminal shows more'
  if (statusCode === 413) return `the body is larger than ${MAX_BODY_BYTES} bytes: send less`
  if (statusCode === 415) return 'the body is not JSON: send it with the header content-type: application/json'
  // @fastify/static says nothing but "Forbidden".
  if (statusCode === 403) return 'only files of the page are served'
  const form = BODIES[url]
  return form === undefined ? message : `the body is not ${form}: ${message}`
}

/**
 * Answers a request whose address cannot be parsed. Fastify runs no hook for it, or for later requests on its
 * connection.
 */
export function refuseAddress(
  { code, statusCode = 400, message }: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  // No hook closes the connection of a WebSocket either.
  if (request.headers.upgrade) reply.raw.once('finish', () => request.raw.socket.destroySoon())
  const error = code === 'FST_ERR_BAD_URL' ? `'${request.url}' is not a valid address: write % as %25` : message
  return reply.code(statusCode).headers(ALWAYS).send({ ok: false, error })
}

/** Answers an invalid or incomplete request, and closes the connection. */
export function refuseUnread({ code = '' }: NodeJS.ErrnoException, socket: Socket) {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const [status, error] = BY_CODE[code] ?? NOT_HTTP
  const body = JSON.stringify({ ok: false, error })
  const headers = {
    ...ALWAYS,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  socket.write([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n'))
  socket.destroySoon()
}
