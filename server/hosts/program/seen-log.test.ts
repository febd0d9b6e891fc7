import { describe, expect, test } from 'vitest'
import { MessageNames } from './message-names.ts'
import { SeenLog } from './seen-log.ts'

/** Messages by origin and number; each entry was given in this order. */
function namesOf(...given: readonly (readonly [origin: number, seq: number, text: string])[]) {
  const names = new MessageNames()
  for (const [origin, seq, text] of given) names.add(origin, seq, text)
  return names
}

const keys = (seen: ReturnType<SeenLog['take']>) =>
  seen.map(({ origin, seq, isAmbiguous }) => `${origin}.${seq}${isAmbiguous ? '?' : ''}`)

describe('a chat log is read', () => {
  test.each([
    ['chatLog <empty>', []],
    ['chatLog', []],
    ['chatLog a,b', ['a', 'b']],
    ['chatLog a, b,', ['a', 'b']],
    ['chatLog x,y,a', ['x,y', 'a']],
    ['chatLog 100%25 sure', ['100% sure']],
    ['chatLog x%2Cy', ['x,y']],
    ['chatLog 50%25 off', ['50%25 off']],
  ])('%j shows %j', (line, texts) => {
    const names = namesOf([1, 0, 'a'], [1, 1, 'x,y'], [1, 2, '100% sure'])
    expect(names.textsIn(line)).toEqual(texts)
  })
})

test('each message is shown once, and what the log showed before is no news', () => {
  const log = new SeenLog(namesOf([1, 0, 'a'], [2, 0, 'b']), 1)
  expect(keys(log.take({ line: 'chatLog a', at: 10, before: 4 }))).toEqual(['1.0'])
  const [next, ...rest] = log.take({ line: 'chatLog b,a', at: 20, before: 9 })
  expect([next, rest]).toEqual([{ origin: 2, seq: 0, text: 'b', at: 20, uncertaintyMs: 11, isAmbiguous: false }, []])
  expect(log.take({ line: 'chatLog b,a', at: 30, before: 19 })).toEqual([])
})

test('of equal texts the node’s own comes first, then the order of giving; one text too many is no message', () => {
  const names = namesOf([1, 0, 'a'], [2, 0, 'a'], [3, 0, 'a'])
  const log = new SeenLog(names, 2)
  expect(keys(log.take({ line: 'chatLog a', at: 1, before: 0 }))).toEqual(['2.0?'])
  expect(keys(log.take({ line: 'chatLog a,a,a,a', at: 2, before: 1 }))).toEqual(['1.0?', '3.0?'])
})

test('a text that is known only after its look keeps the time of that look', () => {
  const names = namesOf()
  const log = new SeenLog(names, 1)
  expect(log.take({ line: 'chatLog late', at: 10, before: 5 })).toEqual([])
  expect(log.isWaiting).toBe(true)
  names.add(2, 0, 'late')
  expect(log.take({ line: 'chatLog late', at: 40, before: 30 })).toMatchObject([
    { origin: 2, at: 10, uncertaintyMs: 5 },
  ])
  expect(log.isWaiting).toBe(false)
})

test('a text that stays unknown is not from the lab, and has one name on all nodes', () => {
  const names = namesOf()
  const [first, second] = [new SeenLog(names, 1), new SeenLog(names, 2)]
  for (const log of [first, second]) {
    log.take({ line: 'chatLog odd', at: 0, before: 0 })
    expect(keys(log.take({ line: 'chatLog odd', at: 600, before: 500 }))).toEqual(['0.0'])
  }
})

test('a text that stays in the log more often than it was given was stored twice, and is reported once', () => {
  const log = new SeenLog(namesOf([1, 0, 'a']), 1)
  const at = (ms: number, line: string) => {
    log.take({ line: `chatLog ${line}`, at: ms, before: ms - 5 })
    return log.takeShownAgain()
  }
  expect([at(10, 'a'), at(20, 'a,a'), at(400, 'a,a')].flat()).toEqual([])
  expect(log.isWaiting).toBe(true)
  expect(at(600, 'a,a')).toEqual([{ origin: 1, seq: 0, text: 'a', times: 2, at: 20 }])
  expect([log.isWaiting, at(700, 'a,a')]).toEqual([false, []])
})

test('a text that another node was given in the meantime was not stored twice', () => {
  const names = namesOf([1, 0, 'a'])
  const log = new SeenLog(names, 1)
  log.take({ line: 'chatLog a,a', at: 10, before: 4 })
  names.add(2, 0, 'a')
  expect(keys(log.take({ line: 'chatLog a,a', at: 600, before: 590 }))).toEqual(['2.0?'])
  expect([log.takeShownAgain(), log.isWaiting]).toEqual([[], false])
})
