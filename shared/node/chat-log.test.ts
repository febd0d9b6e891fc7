import { expect, test } from 'vitest'
import { MessageLog } from '../gossip/log.ts'
import { ChatLog } from './chat-log.ts'

const hello = (seq: number) => ({ origin: 40_000, seq, text: 'hello', from: 40_000 })

test('counts as just read for a second, and no longer when the node stores anything new', () => {
  const log = new MessageLog()
  const clock = { at: 0 }
  const chatLog = new ChatLog(log, () => clock.at)
  expect(chatLog.isJustRead).toBe(false)
  expect(chatLog.line).toBe('chatLog <empty>')
  expect(chatLog.isJustRead).toBe(true)
  log.add(hello(0))
  expect(chatLog.isJustRead).toBe(false)
  expect(chatLog.line).toBe('chatLog hello')
  clock.at += 999
  expect(chatLog.isJustRead).toBe(true)
  clock.at += 1
  expect(chatLog.isJustRead).toBe(false)
})
