/** Tests the past that a page gets when it joins late. */

import { expect, test, vi } from 'vitest'
import type { LabEvent } from '../model/event.ts'
import { fold } from '../model/fold.ts'
import type { LabState } from '../model/lab-state.ts'
import { MAX_PAST_EVENTS } from '../model/past-bounds.ts'
import { NO_SOCKETS, VirtualMachine } from '../sim/virtual-machine.ts'
import { CHECKPOINT_EVENTS } from './event-log.ts'
import { labOf, type TestPage } from './fixture.ts'

/** A lab that has run this number of lines. */
async function labAfter(lines: number) {
  const made = await labOf(new VirtualMachine(NO_SOCKETS))
  for (let line = 0; line < lines; line += 1) made.note(`${line}`)
  await made.settle()
  return made
}

/** Asks back to the beginning, as a page that scrubs does. Returns each stretch. */
async function backFrom(page: TestPage, last: number) {
  const stretches: { state: LabState; events: readonly LabEvent[] }[] = []
  for (let before = last + 1; before > 1; before = (stretches.at(-1)?.state.last ?? 0) + 1) {
    page.send({ type: 'history', before })
    stretches.push(await page.next('past'))
  }
  return stretches
}

test('the past is given in stretches, each a state and the events after it, back to the oldest', async () => {
  const page = (await labAfter(2.5 * CHECKPOINT_EVENTS)).page()
  page.join()
  const { state, oldest } = await page.next('snapshot')
  const stretches = await backFrom(page, state.last)
  expect(stretches).toHaveLength(3)
  expect(oldest).toBe(1)
  let after = state
  for (const { state, events } of stretches) {
    expect(
      fold(
        state,
        events.filter(({ n }) => n <= after.last),
      ),
    ).toEqual(after)
    after = state
  }
  expect(after.last).toBe(0)
})

test('a forgotten past has no events, and the page learns the oldest event', async () => {
  const { lab, page } = await labAfter(MAX_PAST_EVENTS + 10)
  const late = page()
  late.join()
  const { oldest } = await late.next('snapshot')
  expect(oldest).toBe(lab.sequencer.oldest)
  expect(oldest).toBeGreaterThan(1)
  late.send({ type: 'history', before: oldest })
  expect(await late.next('past')).toMatchObject({ events: [], oldest, state: { last: oldest - 1 } })
})

test('the past is encoded once for all pages that ask for the same part', async () => {
  const { page } = await labAfter(50)
  const pages = Array.from({ length: 10 }, () => page())
  for (const page of pages) page.join()
  for (const page of pages) await page.next('snapshot')
  const write = vi.spyOn(JSON, 'stringify')
  for (const page of pages) page.send('{"type":"history","before":40}')
  const pasts: { events: readonly unknown[] }[] = []
  for (const page of pages) pasts.push(await page.next('past'))
  const written = write.mock.calls.filter(([message]) => (message as { type?: string }).type === 'past')
  write.mockRestore()
  expect(written).toHaveLength(1)
  for (const { events } of pasts) expect(events.length).toBeGreaterThanOrEqual(39)
})
