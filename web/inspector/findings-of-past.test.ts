import { expect, test } from 'vitest'
import type { LabEvent } from '../../shared/model/event.ts'
import { fold } from '../../shared/model/fold.ts'
import { EMPTY_LAB } from '../../shared/model/lab-state.ts'
import { lineOf } from '../model/test-settings.ts'
import { createPast, type Past } from '../model/time/past.ts'
import { FindingsOfPast, scenarioIn } from './findings-of-past.ts'

const program = { program: true, gate: true, seed: 1, pid: null, generation: 0 } as const

/** A network of one program that shows a message twice. */
const networkAt = (n: number, text: string): readonly LabEvent[] => [
  { n, at: n, type: 'network', settings: lineOf(1) },
  { n: n + 1, at: n + 1, type: 'starting', node: 0, ...program },
  { n: n + 2, at: n + 2, type: 'running', node: 0, tcp: [] },
  { n: n + 3, at: n + 3, type: 'command', by: 'page', line: `0 msg 1 ${text}`, output: [] },
  { n: n + 4, at: n + 4, type: 'shown-again', node: 0, origin: 40_000, seq: 0, text, times: 2, inferred: true },
]
const EVENTS = [...networkAt(1, 'old'), ...networkAt(6, 'new')]

function pastOf(events: readonly LabEvent[], base = EMPTY_LAB): Past {
  const past = createPast(base)
  past.append(events)
  return past
}

const wordsIn = (findings: FindingsOfPast, past: Past) => findings.of(past, 1_000).map(({ words }) => words)
const saying = (text: string) => [`Node 0 shows “${text}” 2 times in its chat log.`]

test('the findings are those of the network on screen', () => {
  const past = pastOf(EVENTS)
  const findings = new FindingsOfPast()
  past.trace.show(5, 5)
  expect(wordsIn(findings, past)).toEqual(saying('old'))
  past.trace.show(10, 10)
  expect(wordsIn(findings, past)).toEqual(saying('new'))
})

test('new events, earlier ones and another past are taken as they come', () => {
  const past = pastOf(EVENTS.slice(7, 9), fold(EMPTY_LAB, EVENTS.slice(0, 7)))
  const findings = new FindingsOfPast()
  past.trace.show(9, 9)
  expect(wordsIn(findings, past)).toEqual([])
  past.append(EVENTS.slice(9))
  past.trace.show(10, 10)
  expect(wordsIn(findings, past)).toEqual(saying('new'))
  past.prepend(EMPTY_LAB, EVENTS.slice(0, 7))
  past.trace.show(5, 5)
  expect(wordsIn(findings, past)).toEqual(saying('old'))
  expect(wordsIn(findings, pastOf([]))).toEqual([])
})

test('a long past is taken in parts', () => {
  const more = Array.from({ length: 25_000 }, (_, place): LabEvent => {
    const n = EVENTS.length + place + 1
    return { n, at: n, type: 'output', node: 0, lines: [] }
  })
  const past = pastOf([...EVENTS, ...more])
  const findings = new FindingsOfPast()
  const turns = [0, 1, 2].map(() => {
    findings.of(past, 0)
    return findings.isComplete
  })
  expect(turns).toEqual([false, false, true])
})

test('the scenario of a finding begins with its own network', () => {
  const past = pastOf(EVENTS)
  past.trace.show(10, 10)
  const [finding] = new FindingsOfPast().of(past, 1_000)
  const text = finding && scenarioIn(past, finding)
  expect(text).toContain('0 msg 1 new')
  expect(text).not.toContain('0 msg 1 old')
})
