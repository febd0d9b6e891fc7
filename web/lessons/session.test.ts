import { expect, test } from 'vitest'
import { parseLesson } from '../../shared/language/lesson-parser.ts'
import type { ScenarioWorld } from '../../shared/language/scenario-run.ts'
import type { LabEvent } from '../../shared/model/event.ts'
import { fold } from '../../shared/model/fold.ts'
import { EMPTY_LAB, type LabState } from '../../shared/model/lab-state.ts'
import { mayGoOn } from '../model/lessons/session-state.ts'
import { isRight, verdictOf } from '../model/lessons/verdict.ts'
import { lineOf } from '../model/test-settings.ts'
import { arrangementOf, isStillThere } from '../store/undo/arrangement.ts'
import type { LessonHost, PlayerSide } from './live.ts'
import { createSession, type Session, spanOf } from './session.ts'

const LESSON = `---
title: A title
shows: something
minutes: 2
takeaway: a sentence
---
\`\`\`
network 3 line coin=0
delay 400
\`\`\`
# One
Look.
# Two
? Who?
- [ ] me
- [x] you
\`\`\`
0 msg 1 hello
sleep 2s
expect held 0 = 1
\`\`\`
Because.
= holders hello
`

const lab = (linkDelayMs = 250, keyed = false): LabState =>
  fold(EMPTY_LAB, [{ n: 1, at: 0, type: 'network', settings: { ...lineOf(3), linkDelayMs, keyed } }])

/** A lab that carries out every line at once, without effects. */
function lessonHostOf(state = lab()) {
  const executed: string[] = []
  const waits: number[] = []
  let answer: Awaited<ReturnType<ScenarioWorld['execute']>> = { ok: true, output: [] }
  const later = (run: () => void, ms: number) => {
    waits.push(ms)
    queueMicrotask(run)
    return () => {}
  }
  const surroundings: LessonHost = {
    world: (player: PlayerSide) => ({
      ...player,
      async execute(line) {
        executed.push(line)
        return answer
      },
      state: () => state,
      onChange: () => () => {},
      flushed: async () => {},
      later,
      portOf: (_id, port) => port,
    }),
    lab: () => state,
    later,
    now: () => 0,
  }
  const refuse = (error: string) => {
    answer = { ok: false, error }
  }
  return { surroundings, executed, waits, refuse }
}

function sessionOf(pace: 'class' | 'quick' = 'class', state = lab()) {
  const parsed = parseLesson(LESSON)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const around = lessonHostOf(state)
  return { ...around, session: createSession({ file: 'one.md', lesson: parsed.lesson }, pace, around.surroundings) }
}

/** Opens the lesson at the scene with the question. */
async function askedSession(pace?: 'quick') {
  const made = sessionOf(pace)
  await made.session.begin()
  made.session.next()
  return made
}

/** The same, predicted right and run. */
async function shownSession(pace?: 'quick') {
  const made = await askedSession(pace)
  made.session.choose(1)
  made.session.next()
  await soon()
  return made
}

const soon = () => new Promise((resolve) => setTimeout(resolve))

test('a lesson begins with a network of its own, whatever the settings before, and without a key', async () => {
  const { session, executed } = sessionOf('class', lab(250, true))
  await session.begin()
  expect(executed).toEqual([
    'key off',
    'network 3 line fanout=2 window=16 coin=0 ackTimeoutMs=1000 antiEntropyMs=10000 retries=3 batchMs=0',
    'delay 400',
  ])
  expect(session.getState()).toMatchObject({ place: 0, phase: 'telling' })
})

test('nothing runs before a choice, and the choice stays when the answer is there', async () => {
  const { session, executed } = await askedSession()
  const { scenes } = session.lesson
  expect(mayGoOn(session.getState(), scenes)).toBe(false)
  session.next()
  await soon()
  expect(executed).not.toContain('0 msg 1 hello')

  session.choose(0)
  expect(mayGoOn(session.getState(), scenes)).toBe(true)
  session.next()
  await soon()
  expect(executed).toContain('0 msg 1 hello')
  expect(session.getState().phase).toBe('shown')
  session.choose(1)
  expect(session.getState().guesses[1]).toEqual({ chosen: 0, hands: [0, 0], isSkipped: false })
})

test('counted hands are a prediction too', async () => {
  const { session } = await askedSession()
  const { scenes } = session.lesson
  session.raise(1, 1)
  session.raise(1, 1)
  session.raise(0, 1)
  session.raise(0, -1)
  session.raise(0, -1)
  expect(session.getState().guesses[1]?.hands).toEqual([0, 2])
  expect(mayGoOn(session.getState(), scenes)).toBe(true)
  const question = scenes[1]?.question
  const guess = session.getState().guesses[1]
  if (!question || !guess) throw new Error('no question')
  expect(isRight(guess, [1])).toBe(true)
  expect(verdictOf(question, guess, [1])).toBe('Predicted right. 2 of 2 hands were right.')
  expect(verdictOf(question, { chosen: 1, hands: [0, 0], isSkipped: false }, [1])).toBe('Predicted right.')
  expect(verdictOf(question, { chosen: 0, hands: [0, 2], isSkipped: false }, [1])).toBe(
    'Your prediction: me. 2 of 2 hands were right.',
  )
  expect(verdictOf(question, { chosen: null, hands: [2, 2], isSkipped: false }, [1])).toBe(
    'Opinions were divided. 2 of 4 hands were right.',
  )
})

test('a remote goes on without a prediction, but only at the second press', async () => {
  const { session } = await askedSession()
  const { scenes } = session.lesson
  session.pageDown()
  expect(session.getState()).toMatchObject({ place: 1, phase: 'telling' })
  expect(mayGoOn(session.getState(), scenes)).toBe(true)
  session.pageDown()
  await soon()
  const question = scenes[1]?.question
  const guess = session.getState().guesses[1]
  if (!question || !guess) throw new Error('no question')
  expect(verdictOf(question, guess, [1])).toBe('No prediction.')
})

test('a different outcome is reported, with the actual state, and the figures are those of this run', async () => {
  const { session } = await shownSession()
  expect(session.getState().outcomes[1]).toEqual({
    otherwise: ['expect held 0 = 1: found: node 0 has 0 messages'],
    printed: [],
    right: [],
    wrong: [],
    span: { from: 0, to: 0 },
    revealed: [{ text: 'Because.', usual: true }],
    figures: [{ value: '0 of 0', words: 'running nodes have “hello”', amount: 0, nodes: [] }],
  })
})

test('Ten times as fast divides delays and pauses, and says so in the lines', async () => {
  const { executed, waits } = await shownSession('quick')
  expect(executed).toContain('delay 40')
  expect(waits).toContain(200)
})

test('a network that cannot be made is reported, and tried again', async () => {
  const { session, refuse } = sessionOf()
  refuse('ports are taken')
  await session.begin()
  expect(session.getState()).toMatchObject({ phase: 'stuck' })
  expect(session.getState().problems[0]).toMatch('ports are taken')
})

test('a refused network leaves the present one unchanged, with its key', async () => {
  const { session, executed, refuse } = sessionOf('class', lab(250, true))
  refuse('ports are taken')
  await session.begin()
  expect(executed.map((line) => line.split(' ', 2).join(' '))).toEqual(['key off', 'network 3', 'key on'])
})

test('the previous network still runs until another one is made', () => {
  const started = (state: LabState, at: number) =>
    fold(state, [{ n: state.last + 1, at, type: 'starting', node: 0, generation: 0, pid: null, seed: 1 }])
  const before = arrangementOf(started(lab(), 7))
  if (!before) throw new Error('no network')
  expect(isStillThere(before, started(lab(), 7))).toBe(true)
  expect(isStillThere(before, started(lab(), 8))).toBe(false)
})

test('back shows the outcome, and on goes to the next scene that has not run', async () => {
  const { session } = await shownSession()
  session.next()
  expect(session.getState().place).toBe(2)
  session.back()
  expect(session.getState()).toMatchObject({ place: 1, phase: 'shown' })
  session.back()
  session.next()
  session.next()
  expect(session.getState().place).toBe(2)
})

test('the network of a scene runs before its question, and is made once', async () => {
  const scene = '# Two\n```\nnetwork 8 ring\n```\n? Who?'
  const parsed = parseLesson(LESSON.replace('# Two\n? Who?', scene))
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const { surroundings, executed } = lessonHostOf()
  const session = createSession({ file: 'one.md', lesson: parsed.lesson }, 'class', surroundings)
  await session.begin()
  session.next()
  expect(session.getState()).toMatchObject({ place: 1, phase: 'preparing' })
  await soon()
  expect(session.getState()).toMatchObject({ place: 1, phase: 'telling' })
  expect(executed.filter((line) => line.startsWith('network 8'))).toHaveLength(1)
  session.back()
  session.next()
  await soon()
  session.choose(1)
  session.next()
  await soon()
  expect(executed.filter((line) => line.startsWith('network 8'))).toHaveLength(1)
})

test('a run is framed from its first message: the command that gave it is recorded after it', () => {
  const given: readonly LabEvent[] = [
    { n: 2, at: 1_000, type: 'stored', node: 0, origin: 40_000, seq: 0, text: 'hello', from: null },
    { n: 3, at: 1_040, type: 'command', by: 'scenario', line: '0 msg 1 hello', output: [] },
    { n: 4, at: 1_300, type: 'stored', node: 1, origin: 40_000, seq: 0, text: 'hello', from: 40_000 },
  ]
  expect(spanOf(lab(), fold(lab(), given))).toEqual({ from: 1_000, to: 1_300 })
})

test('a run without a message is framed from its first command, and one without either from where it began', () => {
  const before = fold(lab(), [{ n: 2, at: 500, type: 'command', by: 'scenario', line: 'delay 400', output: [] }])
  const crashed: readonly LabEvent[] = [
    { n: 3, at: 2_000, type: 'command', by: 'scenario', line: '1 crash', output: [] },
    { n: 4, at: 2_600, type: 'ended', node: 1, end: { how: 'crashed' }, stderr: [] },
  ]
  expect(spanOf(before, fold(before, crashed))).toEqual({ from: 2_000, to: 2_600 })
  expect(spanOf(before, before)).toEqual({ from: 500, to: 500 })
})

/** The lesson of a session in the page after a reload. */
function reloaded({ lesson, memo }: Session, isBroken = memo().isBroken) {
  const around = lessonHostOf()
  const session = createSession({ file: 'one.md', lesson }, 'class', around.surroundings, { ...memo(), isBroken })
  return { ...around, session }
}

test('after a reload a lesson is at its scene, with predictions and figures, and changes no network', async () => {
  const asked = await askedSession()
  asked.session.choose(1)
  const { session, executed } = reloaded(asked.session)
  await session.start()
  expect(session.getState()).toMatchObject({ place: 1, phase: 'telling', isBroken: false })
  expect(session.getState().guesses[1]?.chosen).toBe(1)
  session.next()
  await soon()
  expect(executed).toEqual(['0 msg 1 hello'])
  expect(session.getState().phase).toBe('shown')
  const again = reloaded(session).session
  expect(again.getState()).toMatchObject({ place: 1, phase: 'shown', outcomes: session.getState().outcomes })
})

test.each<[when: string, spoil: (session: Session) => void]>([
  ['the page was reloaded while it ran', (session) => session.next()],
  ['the lab was restarted', (session) => session.interrupt()],
])(
  'if %s, the network is made again, as the earlier scenes left it, and only when the lesson goes on',
  async (_, spoil) => {
    const asked = await askedSession()
    asked.session.choose(1)
    spoil(asked.session)
    const { session, executed } = reloaded(asked.session)
    await session.start()
    expect(session.getState()).toMatchObject({ place: 1, phase: 'telling', isBroken: true })
    expect(executed).toEqual([])
    session.next()
    await soon()
    expect(executed).toEqual([expect.stringMatching(/^network 3 line/), 'delay 400', '0 msg 1 hello'])
    expect(session.getState()).toMatchObject({ phase: 'shown', isBroken: false })
  },
)
