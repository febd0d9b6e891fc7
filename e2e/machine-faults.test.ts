/** What happens when the machine runs out of something, or stops for a while: stated in docs/when-the-machine-fails.md. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { allHold } from '../server/test-support/network.ts'
import { launchBrowser } from './support/browser.ts'
import { type LabOptions, startLab } from './support/lab.ts'
import { LabPage } from './support/lab-page.ts'

const ROOT = join(import.meta.dirname, '..')

async function labWith(options: LabOptions) {
  const lab = await startLab(options)
  onTestFinished(() => lab.stop())
  return lab
}

test('without file descriptors new nodes are refused in words; the lab goes on, and starts what there is room for', async () => {
  const lab = await labWith({ nodes: 3, openFiles: 128 })
  const refused = await lab.command('network 64 ring')
  expect(refused).toMatchObject({ ok: false, error: expect.stringContaining('no file descriptor is left') })
  expect(await lab.command('network 3 ring')).toMatchObject({ ok: true })
  expect(await lab.command('0 msg 1 hello')).toMatchObject({ ok: true })
  await lab.waitFor(allHold(1))
})

describe('a whole lab that stops for a while, as on a laptop that sleeps', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser.close())

  test('is told on the page as lost, goes on where it was, and nobody is taken for dead', async () => {
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
    for (const id of [0, 1, 2, 3]) await page.seesNode(id, /running, holds 2 of 2 messages/)
    const { nodes: since } = await lab.state()
    expect(since.map(({ pid, answers }) => ({ pid, answers }))).toEqual(
      nodes.map(({ pid }) => ({ pid, answers: true })),
    )
  })

  test('a single node that stops is told on the stage, and that it answers again too', async () => {
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
    await page.seesNode(1, /running, holds/)
  })
})

/** Everything else counts by the monotonic clock, so that a clock that is set right, or wrong, changes nothing. */
const MAY_READ_THE_WALL_CLOCK = ['server/node/seal.ts', 'server/supervisor/lab.ts', 'web/export/ShareDialog.tsx']

test('nothing reads the wall clock but what says when a lab began or a file was saved, and the freshness of a seal', () => {
  const sources = ['server', 'shared', 'web'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`),
  )
  const readers = sources
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path))
    .filter((path) => /\bDate\.now\(|\bnew Date\(\)/.test(readFileSync(join(ROOT, path), 'utf8')))
  expect(readers.sort()).toEqual(MAY_READ_THE_WALL_CLOCK)
})
