import { writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fold } from '../../shared/model/fold.ts'
import { EMPTY_LAB } from '../../shared/model/lab-state.ts'
import { makeUpEvents } from '../../shared/sim/made-up.ts'
import { writeRecording } from '../../shared/wire/recording.ts'
import { readRecording } from '../../shared/wire/recording-reader.ts'
import { appOf, browserOf, classroomOf } from '../test-support/app.ts'
import { folderOfTest } from '../test-support/runtime.ts'

const HOST = { host: '127.0.0.1:5450' }
const EVENTS = makeUpEvents(3_000, 1)
const HEADER = { lab: 'of before', beganAt: 7 }

/**
 * A recording in two files, cut off in the middle of its last line, as after a kill of its lab. The newer file begins
 * after so many events, and the older one lacks its last characters.
 */
async function lastLab({ begins = 1_000, cut = 0 } = {}) {
  const folder = await folderOfTest()
  const files = [join(folder, 'lab.jsonl.1'), join(folder, 'lab.jsonl')]
  const [older = '', newer = ''] = files
  const text = writeRecording(HEADER, EMPTY_LAB, EVENTS.slice(0, 1_000))
  writeFileSync(older, text.slice(0, text.length - cut))
  const base = fold(EMPTY_LAB, EVENTS.slice(0, begins))
  writeFileSync(newer, writeRecording(HEADER, base, EVENTS.slice(begins)).slice(0, -20))
  return { lab: 'of before', endedAt: 9_000, bytes: 100, files }
}

describe('the recording of the last lab', () => {
  test('opens as one, as far as it goes', async () => {
    const last = await lastLab()
    const { app } = await appOf(1, { lastLab: last })
    const page = await browserOf(app)
    page.join()
    expect((await page.next('snapshot')).lastLab).toEqual({ lab: 'of before', endedAt: 9_000 })
    const { body, headers } = await app.inject({ url: '/api/last-lab', headers: HOST })
    expect(headers['content-type']).toBe('application/jsonl')
    const outcome = readRecording(body)
    if (!outcome.ok) throw new Error(outcome.error)
    const { events, header, note } = outcome.recording
    expect(header).toMatchObject(HEADER)
    expect(events).toEqual(EVENTS.slice(0, -1))
    expect(note).toMatch(/^Opened up to event 2999: line \d+ is cut off in the middle\.$/)
  })

  test.each<[what: string, how: Parameters<typeof lastLab>[0]]>([
    ['lacks its end', { cut: 10 }],
    ['ends before the newer one begins', { begins: 1_500 }],
  ])('opens from its newer file on if the older one %s', async (_what, how = {}) => {
    const { app } = await appOf(1, { lastLab: await lastLab(how) })
    const { body } = await app.inject({ url: '/api/last-lab', headers: HOST })
    const outcome = readRecording(body)
    if (!outcome.ok) throw new Error(outcome.error)
    const { base, events } = outcome.recording
    expect([base.last, events]).toEqual([how.begins ?? 1_000, EVENTS.slice(how.begins ?? 1_000, -1)])
  })

  test('is for the presenter only: a viewer neither gets it nor learns of it', async () => {
    const last = await lastLab()
    const { app, presenter } = await classroomOf(1, { lastLab: last })
    const viewer = await browserOf(app)
    viewer.join()
    expect((await viewer.next('snapshot')).lastLab).toBeUndefined()
    const url = '/api/last-lab'
    const refused = await app.inject({ url, headers: HOST })
    expect([refused.statusCode, refused.json()]).toEqual([
      403,
      { ok: false, error: 'you are watching; only the presenter can open the last recording' },
    ])
    expect((await app.inject({ url, headers: { ...HOST, ...presenter } })).statusCode).toBe(200)
  })

  test('a missing one is reported, and so is one that has vanished by now', async () => {
    const { app } = await appOf()
    const last = await lastLab()
    const { app: other } = await appOf(1, { lastLab: last })
    await Promise.all(last.files.map((file) => rm(file)))
    for (const one of [app, other]) {
      const answer = await one.inject({ url: '/api/last-lab', headers: HOST })
      expect([answer.statusCode, answer.json()]).toEqual([
        404,
        { ok: false, error: 'the recording of the last lab no longer exists' },
      ])
    }
  })
})
