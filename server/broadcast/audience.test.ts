/** Tests a class at the lab, over sockets. See `shared/lab/audience.test.ts`. */

import { test } from 'vitest'
import { PROTOCOL_VERSION } from '../../shared/wire/version.ts'
import { type Browser, browserOf, classroomOf } from '../test-support/app.ts'
import { rawBrowserOf } from '../test-support/raw-browser.ts'

const LIVE = { mode: 'live', speed: 1, at: null }
const pointAt = (id: number) => ({ type: 'pointing', selection: { kind: 'node', id }, cursor: id, time: LIVE })
const joined = async (browser: Browser) => {
  browser.join()
  await browser.next('snapshot')
  return browser
}

test('a viewer who does not read delays no other viewer', async () => {
  const { app, lab, presenter } = await classroomOf()
  await lab.sequencer.flushed()
  const stalled = await rawBrowserOf(new URL(await app.listen({ host: '127.0.0.1', port: 0 })))
  stalled.send({ type: 'join', version: PROTOCOL_VERSION })
  const page = await joined(await browserOf(app, presenter))
  const viewer = await joined(await browserOf(app))
  for (let count = 0; count < 60; count += 1)
    lab.sequencer.append({ type: 'command', by: 'rest', line: 'y'.repeat(500_000), output: [] })
  page.send(pointAt(1))
  const { last } = await lab.sequencer.flushed().then(() => lab.sequencer.state)
  for (let seen = 0; seen < last; ) seen = (await viewer.next('events')).events.at(-1)?.n ?? seen
  page.send(pointAt(2))
  while ((await viewer.next('pointing')).cursor !== 2);
})
