/** Tests our node between two programs of other groups, over real UDP. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { byteLength, stringOf } from '../../shared/gossip/text.ts'
import { connectTo } from '../test-support/peers.ts'
import { type PlainPeer, plainPeerOn } from '../test-support/plain-peer.ts'
import { lineOf } from '../test-support/standalone.ts'

/** On a line: a foreign node, ours, a foreign node. */
async function between(): Promise<{ left: PlainPeer; right: PlainPeer; tcp: number }> {
  const line = await lineOf(3)
  const left = await plainPeerOn(line.udp, [line.udp + 1])
  const right = await plainPeerOn(line.udp + 2, [line.udp + 1])
  await line.node(1)
  return { left, right, tcp: line.tcp + 1 }
}

const PRINTABLE = Array.from({ length: 0x7f - 0x20 }, (_, place) => String.fromCharCode(0x20 + place)).join('')
/** Texts that a program may send, of 1 to 1,000 bytes. */
const texts = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1_000, size: 'max' }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
  fc.uint8Array({ minLength: 1, maxLength: 1_000 }).map(stringOf),
)

test('every text goes from one foreign node to the other as the very bytes that came, both ways', async () => {
  const { left, right } = await between()
  const sample = [
    '100% sure',
    '%41',
    'a,b,c',
    'a\tb',
    '{}',
    PRINTABLE,
    PRINTABLE.repeat(11).slice(0, 1_000),
    ...PRINTABLE,
    ...fc.sample(texts, { numRuns: 150, seed: 14 }),
  ]
  expect(sample.every((text) => byteLength(text) >= 1 && byteLength(text) <= 1_000)).toBe(true)
  for (const [place, text] of sample.entries()) {
    left.type(text)
    right.type(text)
    // Sends one after the other, as people type: a plain node never repeats a lost rumor.
    await Promise.all([right.holds(left.port, place + 1), left.holds(right.port, place + 1)])
  }
  expect(await right.holds(left.port, sample.length)).toEqual(sample)
  expect(await left.holds(right.port, sample.length)).toEqual(sample)
})

test('its chat log is one line whose fields a reader can split, whatever foreign nodes send', async () => {
  const { left, right, tcp } = await between()
  const said = [
    '100% sure',
    'a,b',
    'a:b{}',
    'tab\tline\nreturn\r',
    '\0\x1b\x7f',
    'é🦜',
    stringOf(Uint8Array.of(0x61, 0xff)),
  ]
  for (const text of said) left.type(text)
  await right.holds(left.port, said.length)
  const client = await connectTo(tcp)
  client.send('msg 1 5% of a,b: {c}\n')
  const log = await client.chatLog()
  expect(
    log
      .split(',')
      .map((field) => field)
      .sort(),
  ).toEqual(
    ['100% sure', 'a%2Cb', 'a:b{}', 'tab%09line%0Areturn%0D', '%00%1B%7F', 'é🦜', 'a%FF', '5%25 of a%2Cb: {c}'].sort(),
  )
  expect(await right.holds(left.port + 1, 1)).toEqual(['5%25 of a%2Cb%3A %7Bc%7D'])
})
