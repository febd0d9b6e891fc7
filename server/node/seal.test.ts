import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_DATAGRAM_BYTES, MAX_STATUS_BYTES, MAX_TEXT_BYTES } from '../../shared/gossip/limits.ts'
import { sealOf } from '../../shared/node/seal.ts'
import { machine } from './machine.ts'

const KEY = 'a key for tests'
const [SENDER, RECEIVER] = [40_000, 40_001]
const bytes = (text: string) => Buffer.from(text)
const RUMOR = `rumor:${SENDER}:{hello,${SENDER},0}`

async function pair(senderKey = KEY) {
  return { sender: await sealOf(senderKey, SENDER, machine), receiver: await sealOf(KEY, RECEIVER, machine) }
}

test('opening a sealed datagram returns its bytes unchanged, whatever they are', async () => {
  const { sender, receiver } = await pair()
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (content) => {
      const opened = receiver.open(sender.close(content, RECEIVER))
      expect(opened).toEqual({ sender: SENDER, bytes: expect.anything() })
      if ('bytes' in opened) expect(Buffer.from(opened.bytes)).toEqual(Buffer.from(content))
    }),
  )
})

test('the seal comes after the text of the report, which stays unchanged', async () => {
  const { sender } = await pair()
  const sealed = Buffer.from(sender.close(bytes(RUMOR), RECEIVER)).toString()
  expect(sealed).toMatch(new RegExp(`^${RUMOR};${SENDER};\\d+;1;\\d+;[\\w-]{22}$`))
  expect(sealed).not.toContain(KEY)
})

test('the longest datagrams still fit with their seal', async () => {
  const { sender, receiver } = await pair()
  const longest = Buffer.alloc(Math.max(MAX_STATUS_BYTES, 3 * MAX_TEXT_BYTES + 40), 'x')
  const sealed = sender.close(longest, RECEIVER)
  expect(sealed.length).toBeLessThanOrEqual(MAX_DATAGRAM_BYTES)
  expect(receiver.open(sealed)).toMatchObject({ sender: SENDER })
})

test('a missing seal is distinguished from a wrong one', async () => {
  const { sender, receiver } = await pair('another key')
  for (const unkeyed of ['', RUMOR, `${RUMOR};`, `${RUMOR};40000;1;1;1;short`, 'x'.repeat(9_999)])
    expect(receiver.open(bytes(unkeyed))).toEqual({ broken: 'unkeyed' })
  expect(receiver.open(sender.close(bytes(RUMOR), RECEIVER))).toEqual({ broken: 'forged' })
})

test('a sealed datagram with a changed or a missing byte is rejected', async () => {
  const { sender, receiver } = await pair()
  const sealed = Buffer.from(sender.close(bytes(RUMOR), RECEIVER))
  // The lowest bits of the last base64url character are padding: they may change without effect.
  for (let place = 0; place < sealed.length - 1; place += 1) {
    const changed = Buffer.from(sealed)
    changed[place] = (changed[place] ?? 0) ^ 1
    expect(receiver.open(changed)).toHaveProperty('broken')
    const shorter = Buffer.concat([sealed.subarray(0, place), sealed.subarray(place + 1)])
    expect(receiver.open(shorter)).toHaveProperty('broken')
  }
  expect(receiver.open(sealed)).toMatchObject({ sender: SENDER })
})

test('a recorded datagram is rejected everywhere: by its receiver, another node, and its sender', async () => {
  const { sender, receiver } = await pair()
  const sealed = sender.close(bytes(RUMOR), RECEIVER)
  expect(receiver.open(sealed)).toMatchObject({ sender: SENDER })
  expect(receiver.open(sealed)).toEqual({ broken: 'replayed' })
  expect((await sealOf(KEY, 40_002, machine)).open(sealed)).toEqual({ broken: 'forged' })
  expect(sender.open(sealed)).toEqual({ broken: 'forged' })
})

test('a repeat of a datagram has the same seal; another datagram with the same text has its own', async () => {
  const { sender, receiver } = await pair()
  const datagram = bytes(RUMOR)
  expect(sender.close(datagram, RECEIVER)).toBe(sender.close(datagram, RECEIVER))
  expect(receiver.open(sender.close(datagram, RECEIVER))).toMatchObject({ sender: SENDER })
  expect(receiver.open(sender.close(bytes(RUMOR), RECEIVER))).toMatchObject({ sender: SENDER })
})
