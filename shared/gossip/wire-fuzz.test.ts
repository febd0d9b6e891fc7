import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_DATAGRAM_BYTES, MAX_SEQ, MAX_WIRE_TEXT_BYTES } from './limits.ts'
import { byteLength, bytesOf } from './text.ts'
import { type Datagram, encodeDatagram, parseDatagram } from './wire.ts'

/** All reasons for which the parser rejects a datagram. */
const REASONS = [
  'longer than a datagram can be',
  'neither rumor nor status',
  'not rumor:<port>:{<text>,<origin>,<number>}',
  'not status:<port>:{<origin>:<number>,...}',
  'the sender is not a port',
  'the origin is not a port of any generation',
  'the sequence number is not one, or out of range',
  `the text is longer than ${MAX_WIRE_TEXT_BYTES} bytes`,
  'a pair is not <origin>:<number>',
  'an origin is named twice',
]

const number = fc.oneof(
  fc.constantFrom('0', '1', '40000', '65535', '65536', '00', '', '-1', '1e3', `${MAX_SEQ}`, `${MAX_SEQ + 1}`),
  fc.nat({ max: 9_999_999_999 }).map(String),
  fc.constantFrom('__proto__', 'constructor', 'NaN', '1.5'),
)
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('', 'a', '%', '%2C', '%00', 'a:b', 'a\tb', '__proto__', 'x'.repeat(MAX_WIRE_TEXT_BYTES + 1)),
)
const rumor = fc
  .tuple(number, text, number, number)
  .map(([sender, said, from, seq]) => `rumor:${sender}:{${said},${from},${seq}}`)
const pair = fc.tuple(number, fc.constantFrom(':', '::', ''), number).map((parts) => parts.join(''))
const status = fc
  .tuple(number, fc.array(pair, { maxLength: 4 }))
  .map(([sender, pairs]) => `status:${sender}:{${pairs.join(',')}}`)
const twice = fc.constantFrom('status:1:{1:0,1:1}', 'status:1:{7:1,8:1,7:2}')
const long = fc.nat(9).map((more) => `rumor:1:{${'x'.repeat(MAX_WIRE_TEXT_BYTES + more)},1,0}`)
const nearly = fc.oneof(rumor, status, twice, long).map(bytesOf)

/** Returns a valid datagram with a few bytes changed. */
const mutated = fc
  .tuple(
    fc.constantFrom('rumor:40001:{hello,40000,0}', 'status:40001:{40000:3,40001:0}').map(bytesOf),
    fc.array(fc.tuple(fc.nat(40), fc.nat(255)), { minLength: 1, maxLength: 3 }),
    fc.nat(40),
  )
  .map(([right, changes, length]) => {
    const wrong = right.slice(0, Math.max(length, 10))
    for (const [place, byte] of changes) wrong[place % wrong.length] = byte
    return wrong
  })
const huge = fc
  .constantFrom('x', 'rumor:1:{', 'status:1:{')
  .map((start) => bytesOf(start.padEnd(MAX_DATAGRAM_BYTES + 1, '1')))
const junk = fc.oneof(
  { arbitrary: nearly, weight: 12 },
  { arbitrary: mutated, weight: 6 },
  { arbitrary: fc.uint8Array({ maxLength: 80 }), weight: 4 },
  { arbitrary: huge, weight: 1 },
)

/** Checks that an accepted datagram is within all bounds, and that its next reader understands the same. */
function expectSound(datagram: Datagram) {
  expect(datagram.sender).toBeGreaterThanOrEqual(1)
  expect(datagram.sender).toBeLessThanOrEqual(65_535)
  expect(parseDatagram(bytesOf(encodeDatagram(datagram)))).toEqual(datagram)
  if (datagram.kind === 'rumor') {
    expect(byteLength(datagram.text)).toBeLessThanOrEqual(MAX_WIRE_TEXT_BYTES)
    expect(datagram.seq).toBeLessThanOrEqual(MAX_SEQ)
  } else for (const [, low] of datagram.pairs) expect(low).toBeLessThanOrEqual(MAX_SEQ)
}

test('junk of every kind is rejected for each possible reason, and accepted datagrams are sound', () => {
  const given = new Set<string>()
  let taken = 0
  fc.assert(
    fc.property(junk, (it) => {
      const parsed = parseDatagram(it)
      if (parsed.kind === 'malformed') given.add(parsed.why)
      else {
        taken += 1
        expectSound(parsed)
      }
    }),
    { numRuns: 6_000, seed: 7 },
  )
  expect([...given].sort()).toEqual([...REASONS].sort())
  expect(taken).toBeGreaterThan(30)
})
