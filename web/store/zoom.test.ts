import { expect, test } from 'vitest'
import type { LabEvent } from '../../shared/model/event.ts'
import { lineOf } from '../model/test-settings.ts'
import { frameRun, unframe } from './framing.ts'
import { createPlayer } from './player.ts'
import { createPageStore } from './store.ts'
import { chooseShown, MOST_SHOWN_MS, pan, sentWithin, shownMs, zoom, zoomToSpan } from './zoom.ts'

/** A view of a lab that has run for ten seconds. */
function tenSeconds() {
  const store = createPageStore()
  const events: LabEvent[] = [
    { n: 1, at: 0, type: 'network', settings: lineOf(2) },
    { n: 2, at: 10_000, type: 'running', node: 0, tcp: [] },
  ]
  store.enqueue(events)
  const player = createPlayer(store)
  player.frame(0, 10_000)
  return { store, player }
}

test('less is shown at once, or more, within sensible bounds', () => {
  const view = tenSeconds()
  zoom(view, 0.5)
  expect(shownMs(view.store.getState())).toBe(1_500)
  zoom(view, 1e9)
  expect(shownMs(view.store.getState())).toBe(MOST_SHOWN_MS)
})

test('while time is paused, the instant under the pointer stays in place', () => {
  const view = tenSeconds()
  view.player.seek(9_000)
  zoom(view, 0.5, 8_000)
  // It was a third of the visible span before the end, and still is.
  expect(view.player.at).toBe(8_500)
  expect(shownMs(view.store.getState())).toBe(1_500)
})

test('live, time goes on: only the visible length changes', () => {
  const view = tenSeconds()
  zoom(view, 0.5, 8_000)
  expect(view.store.getState().mode).toBe('live')
})

test('a span is chosen, and zoomed to with a margin around it', () => {
  const view = tenSeconds()
  chooseShown(view)
  expect(view.store.getState().span).toEqual({ from: 7_000, to: 10_000 })
  view.store.setState({ span: { from: 4_000, to: 5_000 } })
  zoomToSpan(view)
  expect(view.player.at).toBe(5_100)
  expect(shownMs(view.store.getState())).toBeCloseTo(1_200)
  pan(view, -100)
  expect(view.player.at).toBe(5_000)
})

test('datagrams of a chosen span are counted as of then, however long ago', () => {
  const store = createPageStore()
  const sent = (n: number, at: number): LabEvent => ({
    n,
    at,
    type: 'sent',
    node: 0,
    to: 40_001,
    why: 'hello',
    bytes: 1,
    delayMs: 0,
    content: { kind: 'status', pairs: [] },
  })
  const last = { n: 5, at: 10 * MOST_SHOWN_MS, type: 'running', node: 0, tcp: [] } as const
  store.enqueue([{ n: 1, at: 0, type: 'network', settings: lineOf(2) }, sent(2, 100), sent(3, 200), sent(4, 900), last])
  store.advance(last.at)
  expect(sentWithin(store.past.history, { from: 50, to: 500 })).toBe(2)
})

test('a run is framed, with a margin around it, until the view is live again', () => {
  const view = tenSeconds()
  const { store, player } = view
  frameRun(view, { from: 4_000, to: 6_000 })
  expect(store.getState()).toMatchObject({ mode: 'paused', framed: { from: 4_000, to: 6_000 } })
  expect([player.at, shownMs(store.getState())]).toEqual([6_200, 2_400])
  // Another explanation brings another run.
  frameRun(view, { from: 1_000, to: 2_000 })
  expect([player.at, shownMs(store.getState())]).toEqual([2_100, 1_200])
  unframe(view)
  expect(store.getState()).toMatchObject({ mode: 'live', framed: null, windowMs: 3_000 })
})

test('a run is not framed if somebody looks at another instant', () => {
  const view = tenSeconds()
  view.player.seek(9_000)
  frameRun(view, { from: 4_000, to: 6_000 })
  expect(view.player.at).toBe(9_000)
  expect(view.store.getState().framed).toBeNull()
})

test('a page that was reloaded at the end of a run frames it again; another instant is kept', () => {
  const run = { from: 4_000, to: 5_000.00055 }
  // The address has rounded the end of the framed run up.
  const reloaded = tenSeconds()
  reloaded.player.pause()
  reloaded.player.seek(5_100.001)
  frameRun(reloaded, run, true)
  expect(reloaded.store.getState().framed).toMatchObject(run)
  for (const [at, isResumed] of [
    [5_100, false],
    [7_000, true],
    [3_000, true],
  ] as const) {
    const elsewhere = tenSeconds()
    elsewhere.player.pause()
    elsewhere.player.seek(at)
    frameRun(elsewhere, run, isResumed)
    expect(elsewhere.store.getState().framed, `${at}`).toBeNull()
    expect(elsewhere.player.at).toBe(at)
  }
})
