/** Tests the decoding of programs' datagrams: the report's text, the decoders in the docs, and decoders that fail. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readEvent } from '../../../shared/model/event-reader.ts'
import { loadDecoder } from '../../cli/wire-option.ts'
import { Decoder } from './decoder.ts'
import { MessageNames } from './message-names.ts'
import type { WireDecoder } from './wire-format.ts'

const ROOT = join(import.meta.dirname, '../../..')
const EXAMPLES = join(ROOT, 'examples/decoders')
const ROOT_ID = 40_000

/** A decoder for a network in which node 1 was given hello and hello, world; `told` are the faults. */
function decoderOf(wire?: WireDecoder) {
  const names = new MessageNames()
  names.add(ROOT_ID + 1, 0, 'hello')
  names.add(ROOT_ID + 1, 1, 'hello, world')
  const decoder = new Decoder({ names, rootId: ROOT_ID, ...(wire ? { wire } : {}) })
  const told: string[] = []
  return {
    told,
    decode: (bytes: string | Uint8Array) => decoder.decode(Buffer.from(bytes), (words) => told.push(words)),
  }
}

function packed(origin: number, number: number, text: string): Buffer {
  const bytes = Buffer.alloc(203)
  bytes.writeUInt8(origin, 0)
  bytes.writeUInt16LE(number, 1)
  bytes.write(text, 3)
  return bytes
}

const HELLO = { kind: 'rumor', origin: ROOT_ID + 1, seq: 0 }

const EXAMPLE_DATAGRAMS: Readonly<Record<string, readonly [Uint8Array | string, object][]>> = {
  text: [
    ['rumor:40002:{hello,40001,0}', { content: HELLO, sender: 40_002 }],
    [
      'status:40002:{40001:2,40000:0}',
      {
        content: {
          kind: 'status',
          pairs: [
            [40_001, 2],
            [40_000, 0],
          ],
        },
        sender: 40_002,
      },
    ],
    ['status:40002:{}', { content: { kind: 'status', pairs: [] }, sender: 40_002 }],
  ],
  packed: [
    [packed(1, 7, 'hello'), { content: { ...HELLO, own: [ROOT_ID + 1, 7] } }],
    [packed(1, 0, 'hello').subarray(1), { content: { kind: 'undecoded', carries: [[ROOT_ID + 1, 0]] } }],
  ],
  json: [
    ['{"type":"gossip","from":2,"origin":1,"number":1,"text":"hello"}', { content: HELLO, sender: 40_002 }],
    [
      '{"type":"have","from":2,"next":{"1":3,"0":1}}',
      {
        content: {
          kind: 'status',
          pairs: [
            [40_000, 0],
            [40_001, 2],
          ],
        },
        sender: 40_002,
      },
    ],
  ],
}

describe.each(Object.entries(EXAMPLE_DATAGRAMS))('the decoder of the docs for %s', (name, datagrams) => {
  test('is the same in the docs and in its file', () => {
    const docs = readFileSync(join(ROOT, 'docs/programs.md'), 'utf8')
    expect(docs).toContain(`\`\`\`js\n${readFileSync(join(EXAMPLES, `${name}.mjs`), 'utf8')}\`\`\``)
  })

  test('reads its datagrams', async () => {
    const { decode, told } = decoderOf(await loadDecoder(`${name}.mjs`, EXAMPLES))
    for (const [bytes, decoded] of datagrams) expect(decode(bytes)).toEqual(decoded)
    expect(told).toEqual([])
  })
})

test.each([
  ['a rumor', 'rumor:40002:{hello,40001,0}', { content: HELLO, sender: 40_002 }],
  [
    'a number below 0',
    'status:40002:{40001:-1}',
    { content: { kind: 'malformed', why: 'a pair is not <origin>:<number>' }, sender: 40_002 },
  ],
  ['a rumor without a sender', 'rumor:x:{hello,40001,0}', { content: { kind: 'malformed' } }],
  ['other bytes', '\0\x01hello, world\0', { content: { kind: 'undecoded', carries: [[ROOT_ID + 1, 1]] } }],
  ['other bytes with nothing known', '\xff\xfe', { content: { kind: 'undecoded', carries: [] } }],
])('without a decoder, %s is distinguished from other formats', (_, bytes, decoded) => {
  expect(decoderOf().decode(Buffer.from(bytes, 'latin1'))).toMatchObject(decoded)
})

test('a datagram that a decoder cannot tell is read as the report’s text', () => {
  expect(decoderOf(() => null).decode('rumor:40002:{hello,40001,0}').content).toEqual(HELLO)
})

const FAULTY: readonly [string, () => unknown, string][] = [
  ['throws', () => new DataView(new ArrayBuffer(1)).getUint16(3), 'throws RangeError: Offset is outside the bounds'],
  [
    'throws no error',
    () => {
      throw 7
    },
    'throws something that is no error',
  ],
  ['returns a number', () => 7, 'neither a rumor nor a status: the result is no object'],
  ['returns another kind', () => ({ kind: 'gossip' }), 'neither a rumor nor a status: kind'],
  ['returns a text as a number', () => ({ kind: 'rumor', origin: '1', seq: 0, text: '' }), 'origin is no number'],
  ['returns a number that is none', () => ({ kind: 'status', pairs: [[1, Number.NaN]] }), 'pairs.0.1 is no number'],
  ['returns a big integer', () => ({ kind: 'rumor', origin: 1, seq: 0n, text: '' }), 'seq is no number'],
  ['returns no text', () => ({ kind: 'rumor', origin: 1, seq: 0 }), 'text is no string'],
  [
    'returns a promise',
    async () => {
      throw new Error('late')
    },
    'returns a promise',
  ],
  [
    'returns too many pairs',
    () => ({ kind: 'status', pairs: Array(99).fill([1, 1]) }),
    'more pairs than the datagram has bytes',
  ],
]

test.each(FAULTY)('a decoder that %s is reported once, and the datagram is shown undecoded', (_, wire, words) => {
  const { decode, told } = decoderOf(wire)
  for (let round = 0; round < 3; round += 1)
    expect(decode('\x01hello').content).toEqual({ kind: 'undecoded', carries: [[ROOT_ID + 1, 0]] })
  expect(told).toEqual([expect.stringContaining(words)])
})

test('a decoder that does not return is ended, reported, and called no more', () => {
  let calls = 0
  const { decode, told } = decoderOf(() => {
    calls += 1
    while (true) calls += 0
  })
  for (let round = 0; round < 3; round += 1)
    expect(decode('\x01hello').content).toEqual({ kind: 'undecoded', carries: [[ROOT_ID + 1, 0]] })
  expect(told).toEqual([expect.stringContaining('did not return within 1 s, and is called no more')])
  expect(calls).toBe(1)
})

test('faults of a decoder that differ in kind are reported each, up to a bound', () => {
  const { decode, told } = decoderOf((bytes) => {
    throw new Error(`no ${'x'.repeat(bytes.length)} in byte ${bytes.length}`)
  })
  for (let length = 1; length < 100; length += 1) decode('.'.repeat(length))
  expect(told).toHaveLength(20)
})

test.each<[string, object, string]>([
  ['a number below 0', { kind: 'status', pairs: [[0, -1]] }, 'the number is -1, and numbers are whole and begin at 0'],
  ['a broken number', { kind: 'rumor', origin: 0, seq: 1.5, text: 'hello' }, 'the number is 1.5'],
  ['a node below 0', { kind: 'rumor', origin: -1, seq: 1, text: 'hello' }, 'the origin is -1'],
  [
    'a node twice',
    {
      kind: 'status',
      pairs: [
        [0, 1],
        [40_000, 2],
      ],
    },
    'an origin is named twice',
  ],
])('%s that a decoder reads is malformed, as sent, and never ends a recording', (_, result, why) => {
  const { decode, told } = decoderOf(() => ({ sender: 2, ...result }))
  const { content, sender } = decode('0123456789')
  expect({ content, sender }).toMatchObject({ content: { kind: 'malformed', preview: '0123456789' }, sender: 40_002 })
  expect(content).toHaveProperty('why', expect.stringContaining(why))
  expect(told).toEqual([])
  const sent = { n: 1, at: 1, type: 'sent', node: 0, to: 40_001, why: 'program', bytes: 10, delayMs: 0, content }
  expect(readEvent(JSON.parse(JSON.stringify(sent)))).toMatchObject({ ok: true })
})

test('a decoder may change the bytes that it gets, and reads them from 0', () => {
  const { decode } = decoderOf((bytes) => {
    const { byteOffset } = bytes
    bytes.fill(0)
    return { kind: 'status', pairs: [[byteOffset, -1]] }
  })
  expect(decode('abc').content).toMatchObject({ preview: 'abc', why: expect.stringContaining('-1') })
})
