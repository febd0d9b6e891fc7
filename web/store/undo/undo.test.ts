import { expect, test } from 'vitest'
import { fold } from '../../../shared/model/fold.ts'
import { EMPTY_LAB, type LabState } from '../../../shared/model/lab-state.ts'
import { lineOf } from '../../model/test-settings.ts'
import { arrangementOf } from './arrangement.ts'
import { createUndo } from './undo.ts'

function labOf(n: number): LabState {
  const starts = Array.from({ length: n }, (_, node) => ({ node, generation: 0, pid: node + 1, seed: 1 }))
  const events = [
    { type: 'network', settings: lineOf(n) } as const,
    ...starts.map((start) => ({ type: 'starting', ...start }) as const),
  ]
  return fold(
    EMPTY_LAB,
    events.map((event, index) => ({ ...event, n: index + 1, at: index })),
  )
}
const before = arrangementOf(labOf(3))

function undoOf() {
  const sent: string[] = []
  let isLessonOpen = false
  let reply: { ok: true; output: string[] } | { ok: false; error: string } = { ok: true, output: [] }
  const undo = createUndo({
    now: () => labOf(8),
    async act(lines) {
      sent.push(...lines)
      return reply
    },
    isLessonOpen: () => isLessonOpen,
  })
  undo.joined('a lab')
  const refuse = (error: string) => {
    reply = { ok: false, error }
  }
  const hold = () => {
    isLessonOpen = true
  }
  return { undo, sent, refuse, hold }
}

const offersOf = ({ undo }: Pick<ReturnType<typeof undoOf>, 'undo'>) => undo.getState().offers

async function undoLatest(made: ReturnType<typeof undoOf>) {
  const [latest] = offersOf(made)
  if (!latest) throw new Error('nothing is offered')
  await made.undo.undo(latest)
}

test.each(['page', 'console'] as const)('a network from the %s can be undone, with its follow-up lines', async (by) => {
  const made = undoOf()
  await made.undo.did(['network 8 ring', 'delay 10'], by, labOf(3))
  expect(offersOf(made)).toMatchObject([{ kind: 'network', words: '3 nodes on a line, 250 ms per link' }])
  await undoLatest(made)
  expect(made.sent).toEqual([expect.stringMatching(/^network 3 line /), 'delay 250'])
  expect(offersOf(made)).toEqual([])
})

test('a fault can be undone, and a message does not remove the earlier offer', async () => {
  const made = undoOf()
  await made.undo.did(['link 0 1 cut'], 'page', labOf(3))
  await made.undo.did(['0 msg 1 hello'], 'page', labOf(3))
  expect(offersOf(made)).toMatchObject([{ kind: 'change', done: 'link 0 1 cut', lines: ['link 0 1 heal'] }])
  await undoLatest(made)
  expect(made.sent).toEqual(['link 0 1 heal'])
})

test('a fault is offered beside the previous network, and goes with the next network', async () => {
  const made = undoOf()
  await made.undo.did(['network 8 ring'], 'page', labOf(3))
  await made.undo.did(['link 0 1 cut'], 'page', labOf(8))
  await made.undo.did(['link 2 3 cut'], 'page', labOf(8))
  expect(offersOf(made)).toMatchObject([
    { done: 'link 2 3 cut' },
    { kind: 'network', words: expect.stringMatching(/^3 nodes/) },
  ])
  await undoLatest(made)
  expect(offersOf(made)).toMatchObject([{ kind: 'network' }])
  await made.undo.did(['link 2 3 cut'], 'page', labOf(8))
  await made.undo.did(['network 5 line'], 'page', labOf(8))
  expect(offersOf(made)).toMatchObject([{ kind: 'network', words: expect.stringMatching(/^8 nodes/) }])
})

test('the network of before a scenario is offered once, whatever networks the scenario makes', async () => {
  const made = undoOf()
  made.undo.runs(before)
  await made.undo.did(['network 5 line'], 'scenario', labOf(3))
  const [offer] = offersOf(made)
  expect(offer).toMatchObject({ before })
  if (offer) made.undo.dismiss(offer)
  await made.undo.did(['link 0 1 cut'], 'scenario', labOf(5))
  await made.undo.did(['network 8 ring'], 'scenario', labOf(5))
  expect(made.undo.getState()).toMatchObject({ offers: [offer], folded: offer })
})

test('a previous network whose notice has gone can still be undone; a fault cannot', async () => {
  const made = undoOf()
  await made.undo.did(['network 8 ring'], 'page', labOf(3))
  await made.undo.did(['link 0 1 cut'], 'page', labOf(8))
  for (const offer of offersOf(made)) made.undo.dismiss(offer)
  expect(made.undo.allowed(made.undo.getState())).toMatchObject([{ kind: 'network' }])
  await made.undo.did(['network 5 line'], 'page', labOf(8))
  const { offers, folded } = made.undo.getState()
  expect(offers).toMatchObject([{ kind: 'network', words: expect.stringMatching(/^8 nodes/) }])
  expect(folded).not.toBe(offers[0])
  await undoLatest(made)
  expect(made.sent).toContainEqual(expect.stringMatching(/^network 8 line /))
})

test('while a lesson runs, no network is offered, whatever its source, and its end offers the previous one', async () => {
  const made = undoOf()
  made.hold()
  for (const by of ['scenario', 'page', 'console'] as const) await made.undo.did(['network 5 line'], by, labOf(3))
  expect(offersOf(made)).toEqual([])
  await made.undo.did(['link 0 1 cut'], 'page', labOf(5))
  expect(offersOf(made)).toMatchObject([{ lines: ['link 0 1 heal'] }])
  if (before) await made.undo.offerNetwork(before)
  expect(offersOf(made)).toMatchObject([{ before }])
})

test('an offer that fails is still offered, with the reason', async () => {
  const made = undoOf()
  await made.undo.did(['network 8 ring'], 'page', labOf(3))
  made.refuse('ports are taken')
  await undoLatest(made)
  expect(made.undo.getState()).toMatchObject({ offers: [{ kind: 'network' }], error: 'ports are taken' })
})

test('no offer of one lab appears in another', async () => {
  const made = undoOf()
  await made.undo.did(['link 0 1 cut'], 'page', labOf(3))
  made.undo.joined('a lab')
  expect(offersOf(made)).toHaveLength(1)
  made.undo.joined('another lab')
  expect(offersOf(made)).toEqual([])
})

/** The lab after further events, for example when an earlier action has changed it. */
const later = (lab: LabState, events: number): LabState => ({ ...lab, last: lab.last + events })

test('a fault that is made while an undo runs can be undone, though the undo ends after it', async () => {
  const made = undoOf()
  await made.undo.did(['link 2 3 cut'], 'page', later(labOf(8), 2))
  // The lines of the undo, which began before the fault.
  await made.undo.did(['link 0 1 cut', 'link 1 2 cut'], 'page', labOf(8))
  expect(offersOf(made)).toMatchObject([{ done: 'link 2 3 cut' }])
})

test('a fault in the new network can be undone, though the lines that make that network go on after it', async () => {
  const made = undoOf()
  await made.undo.did(['link 0 1 cut'], 'page', labOf(3))
  made.undo.newestNetwork(labOf(3).last + 1)
  await made.undo.did(['link 2 3 cut'], 'page', later(labOf(8), 2))
  await made.undo.did(['network 8 ring', 'delay 10'], 'page', labOf(3))
  expect(offersOf(made)).toMatchObject([{ done: 'link 2 3 cut' }, { kind: 'network' }])
})

test('a fault whose command ends when its network is gone is not offered in the next', async () => {
  const made = undoOf()
  made.undo.newestNetwork(labOf(3).last + 1)
  await made.undo.did(['link 0 1 cut'], 'page', labOf(3))
  expect(offersOf(made)).toEqual([])
})

test('a running undo is not done twice', async () => {
  const made = undoOf()
  await made.undo.did(['link 0 1 cut'], 'page', labOf(3))
  await Promise.all([undoLatest(made), undoLatest(made)])
  expect(made.sent).toEqual(['link 0 1 heal'])
})
