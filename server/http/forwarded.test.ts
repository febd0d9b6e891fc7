import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { cameDirectly, cameEncrypted, forwardedHosts, type Visit } from './forwarded.ts'

const visit = (headers: Visit['headers'], httpVersion = '1.1'): Visit => ({
  headers,
  httpVersion,
  socket: { remoteAddress: '127.0.0.1' } as Socket,
})

describe('a request from this machine', () => {
  test.each([
    'Forwarded',
    'X-Forwarded-For',
    'X-Forwarded-Host',
    'X-Forwarded-Proto',
    'X-Forwarded-Server',
    'X-Real-IP',
    'X-Client-IP',
    'X-Original-Host',
    'X-Original-Forwarded-For',
    'X-Scheme',
    'X-ARR-LOG-ID',
    'X-Amzn-Trace-Id',
    'X-Envoy-External-Address',
    'X-Appengine-User-IP',
    'X-Anything-Else',
    'Via',
    'CF-Connecting-IP',
    'CF-Ray',
    'CDN-Loop',
    'CloudFront-Viewer-Address',
    'True-Client-IP',
    'Client-IP',
    'Remote-Addr',
    'Fly-Client-IP',
    'Fastly-Client-IP',
    'Tailscale-User-Login',
    'Ngrok-Trace-Id',
    'Front-End-Https',
    'Early-Data',
  ])('may be anybody’s when it carries %s', (name) => {
    expect(cameDirectly(visit({ [name.toLowerCase()]: '' }))).toBe(false)
  })

  test('may be anybody’s when it uses HTTP/1.0, as nginx does to its upstream', () => {
    expect(cameDirectly(visit({}, '1.0'))).toBe(false)
  })

  test('is local when it is a browser’s, or a script’s', () => {
    const browser = [
      ...['host', 'connection', 'cache-control', 'pragma', 'user-agent', 'accept', 'accept-encoding', 'cookie', 'dnt'],
      ...['accept-language', 'origin', 'referer', 'content-type', 'content-length', 'upgrade-insecure-requests', 'te'],
      ...['sec-ch-ua', 'sec-ch-ua-mobile', 'sec-ch-ua-platform', 'sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest'],
      ...['sec-fetch-user', 'sec-gpc', 'priority', 'if-none-match', 'if-modified-since', 'range', 'upgrade'],
      ...['sec-websocket-key', 'sec-websocket-version', 'sec-websocket-extensions', 'purpose', 'save-data'],
    ]
    const script = ['host', 'user-agent', 'accept', 'content-type', 'authorization', 'expect', 'x-requested-with']
    for (const names of [browser, script])
      expect(cameDirectly(visit(Object.fromEntries(names.map((name) => [name, ''])))), `${names}`).toBe(true)
  })
})

test('every name in the headers of forwarders is found', () => {
  expect(
    forwardedHosts({
      'x-forwarded-host': 'a.example, b.example:8443',
      'x-original-host': 'c.example',
      forwarded: 'for=192.0.2.7;host=d.example;proto=https, for="[::1]";Host="e.example:8443"',
    }),
  ).toEqual(['a.example', 'b.example:8443', 'c.example', 'd.example', 'e.example:8443'])
  expect(forwardedHosts({ 'x-forwarded-host': ' , ' })).toEqual([])
})

test.each([
  [{}, false],
  [{ origin: 'https://x.example' }, true],
  [{ origin: 'http://x.example', 'x-forwarded-proto': 'https' }, false],
  [{ origin: 'null' }, false],
  [{ 'x-forwarded-proto': 'HTTPS' }, true],
  [{ 'x-forwarded-proto': 'https,http' }, true],
  [{ 'x-forwarded-proto': 'http, https' }, false],
  [{ forwarded: 'for=192.0.2.7; proto=https' }, true],
  [{ forwarded: 'for=192.0.2.7; proto=http' }, false],
])('a request with %j came by HTTPS: %s', (headers, encrypted) => {
  expect(cameEncrypted(headers)).toBe(encrypted)
})
