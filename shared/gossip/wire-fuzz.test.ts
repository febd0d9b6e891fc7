import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_BATCH_BYTES, MAX_BATCH_RUMORS, MAX_DATAGRAM_BYTES, MAX_SEQ, MAX_WIRE_TEXT_BYTES } from './limits.ts'
import { byteLength, bytesOf } from './text.ts'
import { type Datagram, encodeDatagram, parseDatagram, rumorsIn } from './wire.ts'

/** All reasons for which the parser rejects a datagram. */
const REASONS = [
  'longer than a datagram may be',
  'neither rumor nor status',
  'not rumor:<port>:{<text>,<origin>,<number>}',
  'not status:<port>:{<origin>:<number>,...}',
  'the sender is not a port',
  'the origin is not a port of any generation',
  'the sequence number is not a number, or out of range',
  `the text is longer than ${MAX_WIRE_TEXT_BYTES} bytes`,
  'a pair is not <origin>:<number>',
  'an origin is named twice',
  'not rumors:<port>:{<bytes>:<text>,<origin>,<number>;...}',
  'a rumor is not <bytes>:<text>,<origin>,<number>',
  `several rumors in more than ${MAX_BATCH_BYTES} bytes`,
  `more than ${MAX_BATCH_RUMORS} rumors`,
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
const inBatch = fc
  .tuple(text, fc.option(number, { freq: 8 }), number, number)
  .map(([said, length, from, seq]) => `${length ?? byteLength(said)}:${said},${from},${seq}`)
const batch = fc
  .tuple(number, fc.array(inBatch, { maxLength: 3 }))
  .map(([sender, rumors]) => `rumors:${sender}:{${rumors.join(';')}}`)
const tooMany = fc.constantFrom([MAX_BATCH_RUMORS + 1, 1] as const, [2, MAX_BATCH_BYTES / 2] as const).map(
  ([count, length]) =>
    `rumors:1:{${Array(count)
      .fill(`${length}:${'x'.repeat(length)},1,0`)
      .join(';')}}`,
)
const twice = fc.constantFrom('status:1:{1:0,1:1}', 'status:1:{7:1,8:1,7:2}')
const long = fc.nat(9).map((more) => `rumor:1:{${'x'.repeat(MAX_WIRE_TEXT_BYTES + more)},1,0}`)
const nearly = fc.oneof(rumor, status, batch, twice, long, tooMany).map(bytesOf)

/** Returns a valid datagram with a few bytes changed. */
const mutated = fc
  .tuple(
    fc
      .constantFrom(
        'rumor:40001:{hello,40000,0}',
        'status:40001:{40000:3,40001:0}',
        'rumors:40001:{5:hello,40000,0;1:x,40001,3}',
      )
      .map(bytesOf),
    fc.array(fc.tuple(fc.nat(40), fc.nat(255)), { minLength: 1, maxLength: 3 }),
    fc.nat(40),
  )
  .map(([right, changes, length]) => {
    const wrong = right.slice(0, Math.max(length, 10))
    for (const [place, byte] of changes) wrong[place % wrong.length] = byte
    return wrong
  })
const huge = fc
  .constantFrom('x', 'rumor:1:{', 'status:1:{', 'rumors:1:{')
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
  for (const { sender, text, seq } of rumorsIn(datagram)) {
    expect(sender).toBe(datagram.sender)
    expect(byteLength(text)).toBeLessThanOrEqual(MAX_WIRE_TEXT_BYTES)
    expect(seq).toBeLessThanOrEqual(MAX_SEQ)
  }
  if (datagram.kind === 'status') for (const [, low] of datagram.pairs) expect(low).toBeLessThanOrEqual(MAX_SEQ)
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
