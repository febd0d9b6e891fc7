import { expect, test } from 'vitest'
import { parseScenario } from '../../../shared/language/scenario.ts'
import { type CourseWorld, play } from './habits.ts'
import { courseLines } from './pair.ts'

/** Plays a file on processes of which only the times matter. `answers` are the lines that each question gets. */
async function played(file: string, answers: Readonly<Record<number, readonly string[]>> = {}, listensAfterMs = 50) {
  const parsed = parseScenario(file)
  if (!parsed.ok) throw new Error('the file has errors')
  const lines = courseLines(parsed.steps)
  if (!lines.ok) throw new Error('the file has other commands')
  let now = 0
  const sent: string[] = []
  const left = new Map(Object.entries(answers).map(([id, texts]) => [Number(id), [...texts]]))
  const world: CourseWorld = {
    async start(id, n, port) {
      sent.push(`${now} start ${id} ${n} ${port}`)
      if (listensAfterMs > 1_000) await world.sleep(listensAfterMs)
    },
    send(id, bytes) {
      sent.push(`${now} ${id}: ${Buffer.from(bytes).toString().trimEnd()}`)
      return true
    },
    async nextLine(id, withinMs) {
      const line = left.get(id)?.shift()
      if (line === undefined) now += withinMs
      return line
    },
    isRunning: () => !sent.at(-1)?.endsWith('crash'),
    now: () => now,
    async sleep(ms) {
      const until = now + ms
      await new Promise((resolve) => setTimeout(resolve, ms / 100))
      now = until
    },
  }
  const { answers: heard, complaint } = await play(lines.lines, world)
  return { sent, logs: heard.map(({ log }) => log), why: complaint?.words }
}

test('a start takes 1 s and a restart 3 s, and lines between them leave back to back', async () => {
  const file = '0 start 2 20000\n0 msg 1 a\n0 crash\n0 start 3 20005\n0 msg 1 b\nexit\n0 msg 1 never\n'
  const { sent } = await played(file)
  expect(sent).toEqual([
    '0 start 0 2 20000',
    '1000 0: msg 1 a',
    '1000 0: crash',
    '3000 start 0 3 20005',
    '4000 0: msg 1 b',
  ])
})

test('the first question comes after a pause of 1 s, and each blocks what follows', async () => {
  const { sent, logs } = await played('0 start 2 20000\n0 get chatLog\n0 get chatLog\n', {
    0: ['chatLog a', 'chatLog b c'],
  })
  expect(sent.slice(1)).toEqual(['2000 0: get chatLog', '2000 0: get chatLog'])
  expect(logs).toEqual(['a', 'b c'])
})

test.each([
  ['chatLog ', 'node 0 answers get chatLog with an empty list: proxy.py waits for ever after it'],
  ['what?', 'node 0 has not answered get chatLog within 10 s; it said “what?”'],
])('an answer %j that proxy.py cannot use ends the run with the reason', async (line, words) => {
  const file = '0 start 1 20000\n0 get chatLog\n0 msg 1 never\n'
  const { sent, why } = await played(file, { 0: [line] })
  expect(why).toBe(words)
  expect(sent.join()).not.toContain('never')
})

test('a process that does not listen 1 s after its start is lost to the script', async () => {
  const { why } = await played('0 start 1 20000\n0 get chatLog\n', { 0: ['chatLog a'] }, 1_500)
  expect(why).toBe('proxy.py cannot ask node 0: it did not listen within 1 s of its start: proxy.py tries once')
})
