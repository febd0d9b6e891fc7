/**
 * Tests that the lab behaves as docs/when-the-machine-fails.md says when the machine lacks a resource, or stops for a
 * while.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type LabOptions, startLab } from '../server/test-support/lab-process.ts'
import { allHold } from '../server/test-support/network.ts'
import { fold } from '../shared/model/fold.ts'
import { readRecording } from '../shared/wire/recording-reader.ts'
import { LabPage } from './support/lab-page.ts'
import { askNode, tellNode } from './support/node-line.ts'
import { sharedBrowser } from './support/shared-browser.ts'

const ROOT = join(import.meta.dirname, '..')

async function labWith(options: LabOptions) {
  const lab = await startLab(options)
  onTestFinished(() => lab.stop())
  return lab
}

test('without file descriptors new nodes are refused in words; the lab goes on, and starts those for which there is room', async () => {
  const lab = await labWith({ nodes: 3, ulimit: '-n 128' })
  const refused = await lab.command('network 64 ring')
  expect(refused).toMatchObject({ ok: false, error: expect.stringContaining('no file descriptors left') })
  expect(await lab.command('network 3 ring')).toMatchObject({ ok: true })
  expect(await lab.command('0 msg 1 hello')).toMatchObject({ ok: true })
  await lab.waitFor(allHold(1))
})

test('a node that cannot be registered, and that stopall would not find, does not start, and says why', async () => {
  // No file may have a single byte. Both nodes refuse, and either may be the first.
  await expect(startLab({ nodes: 2, ulimit: '-f 0' })).rejects.toThrow(
    /node [01] did not start: \S+\/node-\d+ cannot be written: the file would exceed the size limit/,
  )
})

describe('a recording for which there is no room', () => {
  test('is reported once, the lab goes on, and the written part can be opened', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rs-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const path = join(folder, 'lab.jsonl')
    // In blocks of 512 bytes: there is room for the first of these messages. The lab's automatic recording would be
    // reported, too.
    const lab = await labWith({ nodes: 3, ulimit: '-f 128', args: ['--record', path, '--no-autosave'] })
    let said = 0
    while (!lab.told().includes('cannot be written')) {
      said += 1
      expect(await lab.command(`0 msg ${said} ${'x'.repeat(2_000)}`)).toMatchObject({ ok: true })
    }
    expect(lab.told()).toMatch(
      /lab\.jsonl cannot be written: the file would exceed the size limit.*The lab keeps running and tries again/,
    )
    const browser = await sharedBrowser()
    onTestFinished(() => browser.close())
    const { page } = await LabPage.open(browser, lab.url)
    await page
      .getByRole('status')
      .getByText(/The recording is incomplete\. .*lab\.jsonl cannot be written/)
      .waitFor()
    expect(await lab.command(`2 msg ${said + 1} after`)).toMatchObject({ ok: true })
    const { last } = await lab.waitFor(allHold(said + 1))
    await lab.stop()
    expect(lab.child.exitCode).toBe(1)
    expect(lab.told().match(/cannot be written/g)).toHaveLength(1)
    expect(lab.told()).toMatch(/lab\.jsonl is incomplete: the events \d+ to \d+ are missing\n$/)
    const outcome = readRecording(await readFile(path, 'utf8'))
    if (!outcome.ok) throw new Error(outcome.error)
    const { events, base } = outcome.recording
    expect(events.map(({ n }) => n)).toEqual(events.map((_, index) => index + 1))
    expect(fold(base, events).messages.length).toBeGreaterThan(0)
    expect(events.length).toBeLessThan(last)
  })
})

describe('a whole lab that stops for a while, as on a laptop that sleeps', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await sharedBrowser()
  })
  afterAll(() => browser.close())

  test('appears on the page as lost, continues, and takes no node for dead', async () => {
    const lab = await labWith({ nodes: 4, linkDelayMs: 20 })
    const page = await LabPage.open(browser, lab.url)
    onTestFinished(() => page.close())
    await page.say(0, 'before')
    const { nodes } = await lab.waitFor(allHold(1))
    const pids = [lab.pid, ...nodes.flatMap(({ pid }) => pid ?? [])]
    for (const pid of pids) process.kill(pid, 'SIGSTOP')
    await page.page.getByText('Connection lost, trying again.').waitFor()
    for (const pid of pids) process.kill(pid, 'SIGCONT')
    await page.page.getByText('Connection lost, trying again.').waitFor({ state: 'detached' })
    await page.say(3, 'after')
    await lab.waitFor(allHold(2))
    for (const id of [0, 1, 2, 3]) await page.seesNode(id, /running, has 2 of 2 messages/)
    const { nodes: since } = await lab.state()
    expect(since.map(({ pid, answers }) => ({ pid, answers }))).toEqual(
      nodes.map(({ pid }) => ({ pid, answers: true })),
    )
  })

  test('the supervisor alone: nodes gossip on, the page says that it is lost, then everything is reported', async () => {
    const lab = await labWith({ nodes: 3, linkDelayMs: 20 })
    const page = await LabPage.open(browser, lab.url)
    onTestFinished(() => page.close())
    const { nodes } = await lab.waitFor(({ nodes }) => nodes.every(({ status }) => status === 'running'))
    process.kill(lab.pid, 'SIGSTOP')
    await tellNode(lab.basePort, 'msg 1 meanwhile')
    await expect.poll(() => askNode(lab.basePort + 2, 'get chatLog')).toBe('chatLog meanwhile')
    await page.page.getByText('Connection lost, trying again.').waitFor()
    process.kill(lab.pid, 'SIGCONT')
    for (const id of [0, 1, 2]) await page.seesNode(id, /running, has 1 of 1 message/)
    const { nodes: since, messages } = await lab.waitFor(allHold(1))
    expect(since.map(({ pid, answers }) => ({ pid, answers }))).toEqual(
      nodes.map(({ pid }) => ({ pid, answers: true })),
    )
    // Every link was reported, and in order: no node got it before its source had it.
    expect([0, 1, 2].map((id) => messages[0]?.copies[id]?.hops)).toEqual([0, 1, 2])
  })

  test('a stopped node is shown on the stage, and so is its return', async () => {
    const lab = await labWith({ nodes: 3 })
    const page = await LabPage.open(browser, lab.url)
    onTestFinished(() => page.close())
    const pid = (await lab.state()).nodes[1]?.pid
    if (!pid) throw new Error('node 1 has no process')
    process.kill(pid, 'SIGSTOP')
    await page.seesNode(1, /does not answer/)
    const panel = await page.select(1)
    await panel.getByText(`kill -CONT ${pid}`).waitFor()
    process.kill(pid, 'SIGCONT')
    await page.seesNode(1, /running, has/)
  })
})

/** Everything else uses the monotonic clock, so a correction of the wall clock changes nothing. */
const MAY_READ_THE_WALL_CLOCK = [
  'server/check/check.ts',
  'server/cli/check-one.ts',
  'server/node/machine.ts',
  'server/node/process-log.ts',
  'server/platform/lab-machine.ts',
  'server/recorder/saved-labs.ts',
  'web/store/files/recording-file.ts',
  'web/worker/main.ts',
]
/** Code that gets the clock from its platform. */
const MAY_ASK_FOR_THE_WALL_CLOCK = ['shared/lab/lab.ts', 'shared/node/seal.ts', 'web/worker/simulation.ts']

test('only the freshness of a seal, and dates in files and logs, read the wall clock', () => {
  const sources = ['server', 'shared', 'web'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  )
  const code = sources.filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path))
  const thatUse = (pattern: RegExp) =>
    code.filter((path) => pattern.test(readFileSync(join(ROOT, path), 'utf8'))).sort()
  expect(thatUse(/\bDate\.now\(|\bnew Date\(\)/)).toEqual(MAY_READ_THE_WALL_CLOCK)
  expect(thatUse(/\.wallClock\(\)/)).toEqual(MAY_ASK_FOR_THE_WALL_CLOCK)
})
