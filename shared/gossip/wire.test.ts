import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  MAX_DATAGRAM_BYTES,
  MAX_SEAL_BYTES,
  MAX_SEQ,
  MAX_STATUS_BYTES,
  MAX_TEXT_BYTES,
  MAX_WIRE_TEXT_BYTES,
  PARTIAL_STATUS_BYTES,
} from './limits.ts'
import { byteLength, bytesOf, encodeText } from './text.ts'
import { type Datagram, encodeDatagram, type Pair, parseDatagram, splitStatus } from './wire.ts'

const parse = (text: string) => parseDatagram(bytesOf(text))

const port = fc.integer({ min: 1, max: 65_535 })
const origin = fc.tuple(port, fc.nat({ max: 32_767 })).map(([p, generation]) => p + 65_536 * generation)
const seq = fc.integer({ min: 0, max: MAX_SEQ })
describe('the format of the report', () => {
  test('a rumor with a plain word is byte for byte the report’s', () => {
    const rumor: Datagram = { kind: 'rumor', sender: 40_001, origin: 40_000, seq: 2, text: 'my528' }
    expect(encodeDatagram(rumor)).toBe('rumor:40001:{my528,40000,2}')
    expect(parse('rumor:40001:{my528,40000,2}')).toEqual(rumor)
  })

  test('a status names its origins in order, with the lowest number not seen', () => {
    const pairs: Pair[] = [
      [40_002, 3],
      [40_000, 0],
    ]
    const status: Datagram = { kind: 'status', sender: 40_001, pairs, partial: false }
    expect(encodeDatagram(status)).toBe('status:40001:{40002:3,40000:0}')
    expect(parse('status:40001:{40002:3,40000:0}')).toEqual(status)
    expect(parse('status:40001:{}')).toEqual({ ...status, pairs: [] })
  })

  test('letters of any language and spaces travel as they are', () => {
    const wire = 'rumor:1:{zażółć 🦜 two words,1,0}'
    expect(parse(wire)).toMatchObject({ text: 'zażółć 🦜 two words' })
    expect(encodeText('zażółć 🦜 two words')).toBe('zażółć 🦜 two words')
  })
})

describe('a foreign text', () => {
  const foreign = [
    '100% sure',
    '%41',
    '%2C',
    'a,b,c',
    ',',
    ',1,0',
    'a\tb\n',
    '{}',
    'a}b',
    '}',
    ',1,0}',
    'rumor:1:{a,1,0}',
    ':{',
    '\0',
    '',
  ]
  test.each(foreign)('%j ends at the last two commas and goes on as the very bytes that came', (text) => {
    const datagram = `rumor:40001:{${text},40000,2}`
    expect(parse(datagram)).toEqual({ kind: 'rumor', sender: 40_001, origin: 40_000, seq: 2, text })
    expect(encodeDatagram(parse(datagram) as Datagram)).toBe(datagram)
  })

  test('of any bytes, also invalid UTF-8, goes on as the very bytes that came', () => {
    const texts = fc.oneof(fc.uint8Array({ maxLength: 1_000 }), fc.string({ unit: 'binary' }).map(bytesOf))
    fc.assert(
      fc.property(texts, (text) => {
        const datagram = Uint8Array.from([...bytesOf('rumor:1:{'), ...text, ...bytesOf(',1,0}')])
        const parsed = parseDatagram(datagram)
        expect(parsed.kind).toBe('rumor')
        expect(bytesOf(encodeDatagram(parsed as Datagram))).toEqual(datagram)
      }),
      { numRuns: 1_000 },
    )
  })

  test('is accepted if every node can forward it, from any port and sealed', () => {
    const rumorOf = (length: number) => `rumor:1:{${'x'.repeat(length)},1,0}`
    const longest = parse(rumorOf(MAX_WIRE_TEXT_BYTES))
    expect(longest).toMatchObject({ kind: 'rumor' })
    const passedOn: Datagram = {
      ...(longest as Datagram & { kind: 'rumor' }),
      sender: 65_535,
      origin: MAX_SEQ,
      seq: MAX_SEQ,
    }
    expect(byteLength(encodeDatagram(passedOn)) + MAX_SEAL_BYTES).toBe(MAX_DATAGRAM_BYTES)
    expect(parse(rumorOf(MAX_WIRE_TEXT_BYTES + 1))).toMatchObject({ kind: 'malformed' })
  })
})

test('every datagram comes back unchanged', () => {
  const rumors = fc.record({
    kind: fc.constant('rumor' as const),
    sender: port,
    origin,
    seq,
    text: fc.string({ unit: 'binary' }),
  })
  const pairs = fc.uniqueArray(fc.tuple(origin, seq), { selector: ([it]) => it, maxLength: 30 })
  const statuses = fc.record({ kind: fc.constant('status' as const), sender: port, pairs, partial: fc.constant(false) })
  const batches = fc
    .tuple(port, fc.array(rumors, { minLength: 1, maxLength: 4 }))
    .map(([sender, said]) => ({ kind: 'batch' as const, sender, rumors: said.map((one) => ({ ...one, sender })) }))
  const thatTakesBatches = statuses.map((status) => ({ ...status, takesBatches: true as const }))
  fc.assert(
    fc.property(fc.oneof(rumors, statuses, thatTakesBatches, batches), (datagram) => {
      expect(parse(encodeDatagram(datagram))).toEqual(datagram)
    }),
    { numRuns: 500 },
  )
})

describe('a batch', () => {
  const whole = 'rumors:40001:{1:a,40000,0;5:b,;}c,40000,1;0:,40002,7}'

  test('gives the length of each text, which may contain the separators of rumors', () => {
    const rumors = [
      ['a', 40_000, 0],
      ['b,;}c', 40_000, 1],
      ['', 40_002, 7],
    ] as const
    const sender = 40_001
    const batch = {
      kind: 'batch',
      sender,
      rumors: rumors.map(([text, from, number]) => ({ kind: 'rumor', sender, origin: from, seq: number, text })),
    }
    expect(parse(whole)).toEqual(batch)
    expect(encodeDatagram(batch as Datagram)).toBe(whole)
  })

  test('is refused whole where one of its rumors is wrong', () => {
    for (const wrong of [
      whole.replace('7}', 'x}'),
      whole.replace('5:', '4:'),
      whole.replace('5:', '05:'),
      whole.replace('40002', '0'),
      whole.replace('0:,', '9999999999:,'),
      whole.replace('7}', '7;}'),
      whole.slice(0, -1),
      'rumors:40001:{}',
      'rumors:0:{1:a,40000,0}',
    ])
      expect(parse(wrong), wrong).toMatchObject({ kind: 'malformed' })
  })

  test('is offered by an origin of which nothing is held, and only by the node that names its own', () => {
    const status = { kind: 'status', sender: 40_001, pairs: [[40_001, 3]], partial: false } as const
    const offer = encodeDatagram({ ...status, takesBatches: true })
    expect(offer).toBe('status:40001:{40001:3,1310720002:0}')
    expect(parse(offer)).toEqual({ ...status, takesBatches: true })
    const repeated = offer.replace('status:40001', 'status:40002')
    expect(parse(repeated)).not.toHaveProperty('takesBatches')
    expect(parse(offer.replace('1310720002:0', '1310720002:1'))).not.toHaveProperty('takesBatches')
  })

  test('can be offered by every port in every part of a status, without a longer part', () => {
    fc.assert(
      fc.property(port, fc.integer({ min: 200, max: 2_000 }), (sender, longest) => {
        const pairs = Array.from({ length: 300 }, (_, place): Pair => [MAX_SEQ - place, MAX_SEQ])
        for (const part of splitStatus(sender, pairs, longest, true)) {
          expect(encodeDatagram(part).length).toBeLessThanOrEqual(longest)
          expect(parse(encodeDatagram(part))).toMatchObject({ takesBatches: true, pairs: part.pairs })
        }
      }),
    )
  })
})

describe('rejects, with the reason', () => {
  const cases: [datagram: string, why: RegExp][] = [
    ['', /neither/],
    ['hello', /neither/],
    ['Rumor:1:{a,1,0}', /neither/],
    ['rumor:0:{a,1,0}', /sender/],
    ['rumor:65536:{a,1,0}', /sender/],
    ['rumor:01:{a,1,0}', /sender/],
    ['rumor:-1:{a,1,0}', /sender/],
    ['rumor:1:{a,0,0}', /origin/],
    ['rumor:1:{a,65536,0}', /origin/],
    ['rumor:1:{a,007,0}', /origin/],
    ['rumor:1:{a,2147483648,0}', /origin/],
    ['rumor:1:{a,1,2147483648}', /sequence number/],
    ['rumor:1:{a,1,00}', /sequence number/],
    ['rumor:1:{a,1,1.5}', /sequence number/],
    ['rumor:1:{a,1,0}x', /not rumor/],
    ['rumor:1:{a,1,0}\n', /not rumor/],
    ['rumor:1:{a,1}', /not rumor/],
    [`rumor:1:{${'x'.repeat(MAX_WIRE_TEXT_BYTES + 1)},1,0}`, /longer than/],
    [`rumor:1:{${'x'.repeat(MAX_DATAGRAM_BYTES)},1,0}`, /longer than a datagram/],
    ['status:1:{1:0,1:1}', /twice/],
    ['status:1:{1}', /pair/],
    ['status:1:{1:}', /pair/],
    ['status:1:{:1}', /pair/],
    ['status:1:{1:2:3}', /pair/],
    ['status:1:{1:0,}', /pair/],
    ['status:1:{__proto__:1}', /pair/],
    ['status:1:{1:99999999999}', /pair/],
    ['status:99999:{1:0}', /sender/],
    ['status:1:1:0', /not status/],
  ]
  test.each(cases)('%.60s', (datagram, why) => {
    expect(parse(datagram)).toEqual({ kind: 'malformed', why: expect.stringMatching(why) })
  })

  test('never throws, whatever the bytes, and can write every datagram it reads', () => {
    const junk = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.stringMatching(/^(rumor|status):\d{1,5}:\{[a%,:\d{}]{0,20}\}$/).map(bytesOf),
    )
    fc.assert(
      fc.property(junk, (it) => {
        const datagram = parseDatagram(it)
        if (datagram.kind !== 'malformed') expect(parse(encodeDatagram(datagram))).toEqual(datagram)
      }),
      { numRuns: 1_000 },
    )
  })

  test('the longest text, wholly escaped, still fits one datagram', () => {
    const rumor: Datagram = {
      kind: 'rumor',
      sender: 65_535,
      origin: MAX_SEQ,
      seq: MAX_SEQ,
      text: encodeText(','.repeat(MAX_TEXT_BYTES)),
    }
    expect(byteLength(encodeDatagram(rumor)) + MAX_SEAL_BYTES).toBeLessThanOrEqual(MAX_DATAGRAM_BYTES)
  })
})

describe('a status that is too long for one datagram', () => {
  const pairsOf = (count: number, first: number): Pair[] =>
    Array.from({ length: count }, (_, place) => [first + place, (first * place) % MAX_SEQ])

  test('is split into parts that keep all pairs in order, fit, and are each known to be parts', () => {
    const counts = fc.integer({ min: 1, max: 12_000 })
    const firsts = fc.constantFrom(1, 9_000, 40_000, 2_000_000_000)
    fc.assert(
      fc.property(counts, firsts, fc.constantFrom(1, 65_535), (count, first, sender) => {
        const pairs = pairsOf(count, first)
        const parts = splitStatus(sender, pairs)
        expect(parts.flatMap((part) => part.pairs)).toEqual(pairs)
        for (const part of parts) {
          const size = byteLength(encodeDatagram(part))
          expect(size).toBeLessThanOrEqual(MAX_STATUS_BYTES)
          if (parts.length > 1) expect(size).toBeGreaterThanOrEqual(PARTIAL_STATUS_BYTES)
          expect(parse(encodeDatagram(part))).toMatchObject({ partial: size >= PARTIAL_STATUS_BYTES })
        }
      }),
      { numRuns: 60 },
    )
  })

  test('also when it is only just too long', () => {
    const isSplit = (count: number) => splitStatus(40_000, pairsOf(count, 40_000)).length > 1
    let count = 3_000
    while (!isSplit(count)) count += 1
    for (const part of splitStatus(40_000, pairsOf(count, 40_000)))
      expect(byteLength(encodeDatagram(part))).toBeGreaterThanOrEqual(PARTIAL_STATUS_BYTES)
  })
})
