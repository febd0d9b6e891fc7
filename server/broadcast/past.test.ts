/** What a browser is told of what was before it came. */

import { describe, expect, test, vi } from 'vitest'
import { CHECKPOINT_EVENTS, MAX_JOURNAL_EVENTS } from '../../shared/lab/event-log.ts'
import type { LabEvent } from '../../shared/model/event.ts'
import { fold } from '../../shared/model/fold.ts'
import type { LabState } from '../../shared/model/lab-state.ts'
import { appOf, type Browser, browserOf } from '../test-support/app.ts'
import { note } from '../test-support/lab.ts'

describe('the past', () => {
  /** Asks back to the beginning, as a page that scrubs does; gives each stretch. */
  async function backFrom(browser: Browser, last: number) {
    const stretches: { state: LabState; events: readonly LabEvent[] }[] = []
    for (let before = last + 1; before > 1; before = (stretches.at(-1)?.state.last ?? 0) + 1) {
      browser.send({ type: 'history', before })
      stretches.push(await browser.next('past'))
    }
    return stretches
  }

  test('is given in stretches, each a state and the events after it, back to the oldest', async () => {
    const { app, lab } = await appOf()
    for (let line = 0; line < 2.5 * CHECKPOINT_EVENTS; line += 1) note(lab, `${line}`)
    await lab.journal.settled()
    const browser = await browserOf(app)
    browser.join()
    const { state, oldest } = await browser.next('snapshot')
    const stretches = await backFrom(browser, state.last)
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

  test('that is forgotten is told: no events, and from which one on there are some', async () => {
    const { app, lab } = await appOf()
    for (let line = 0; line < MAX_JOURNAL_EVENTS + 10; line += 1) note(lab, '')
    await lab.journal.settled()
    const browser = await browserOf(app)
    browser.join()
    const { oldest } = await browser.next('snapshot')
    expect(oldest).toBe(lab.journal.oldest)
    browser.send({ type: 'history', before: oldest })
    expect(await browser.next('past')).toMatchObject({ events: [], oldest, state: { last: oldest - 1 } })
  })

  test('is written once for all who ask for the same', async () => {
    const { app, lab } = await appOf()
    for (let line = 0; line < 50; line += 1) note(lab, `${line}`)
    await lab.journal.settled()
    const write = vi.spyOn(JSON, 'stringify')
    const browsers = await Promise.all(Array.from({ length: 10 }, () => browserOf(app)))
    for (const browser of browsers) browser.join()
    await Promise.all(browsers.map((browser) => browser.next('snapshot')))
    write.mockClear()
    for (const browser of browsers) browser.socket.send('{"type":"history","before":40}')
    const pasts = await Promise.all(browsers.map((browser) => browser.next('past')))
    const written = write.mock.calls.filter(([message]) => (message as { type?: string }).type === 'past')
    write.mockRestore()
    expect(written).toHaveLength(1)
    for (const { events } of pasts) expect(events.length).toBeGreaterThanOrEqual(39)
  })
})
