import { expect, test } from 'vitest'
import { parseAuthority, parseOrigin } from './authority.ts'

test.each([
  ['x.example', 'x.example', 80, false],
  ['X.Example.:5450', 'x.example', 5_450, true],
  ['x.example:80', 'x.example', 80, true],
  ['127.0.0.1:1', '127.0.0.1', 1, true],
  ['[::1]', '[::1]', 80, false],
  ['[2001:DB8:0::20]:5450', '[2001:db8::20]', 5_450, true],
])('%s is a host', (text, name, port, hasPort) => {
  expect(parseAuthority(text)).toEqual({ name, port, hasPort })
})

test.each(
  [
    [
      '',
      ':5450',
      '.',
      'a b',
      'a/b',
      'a@b',
      'a?b',
      'a#b',
      'a%2eb',
      'a\\b',
      'a,b',
      'http://a',
      '-a',
      '::1',
      '[fe80::1%25eth0]',
    ],
    ['a:65536', 'a:b', '[::1', 'ä.example', 'a\nb', '[x]', '1.2.3.4.5'],
  ].flat(),
)('%j is not a host', (text) => {
  expect(parseAuthority(text)).toBeUndefined()
})

test('an origin has a scheme, and that scheme’s port', () => {
  expect(parseOrigin('https://X.example')).toEqual({ scheme: 'https', name: 'x.example', port: 443, hasPort: false })
  expect(parseOrigin('http://x.example:5450')).toMatchObject({ scheme: 'http', port: 5_450 })
  for (const none of ['null', '', 'x.example', 'ftp://x.example', 'http://', 'http://a, http://b', 'file://'])
    expect(parseOrigin(none), none).toBeUndefined()
})
