/** Tests forks of an instant in a real browser: of a live lab, of a recording, and of a fork. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startLab, type TestLab } from '../server/test-support/lab-process.ts'
import { ForkDialog } from './support/fork-dialog.ts'
import { LabPage } from './support/lab-page.ts'
import { savedFile, share } from './support/share.ts'
import { sharedBrowser } from './support/shared-browser.ts'
import { expectNoViolation } from './support/violations.ts'

let browser: Browser
let lab: TestLab
/** An instant between the first message and the crash, in ms of the lab. */
let between: number
beforeAll(async () => {
  browser = await sharedBrowser()
  lab = await startLab({ nodes: 4, linkDelayMs: 20 })
  await lab.command('0 msg 1 Lexi')
  const { messages } = await lab.waitFor(({ nodes }) => nodes.every((node) => node.messages === 1))
  between = 1 + Math.ceil(Math.max(...Object.values(messages[0]?.copies ?? {}).map(({ at }) => at)))
  for (const line of ['1 crash', '0 msg 2 network', `1 start 4 ${lab.basePort + 1}`]) await lab.command(line)
  await lab.waitFor(({ nodes }) => nodes.every(({ messages }) => messages === 2))
})
afterAll(async () => {
  await browser.close()
  await lab.stop()
})

async function open(place = ''): Promise<{ page: LabPage; fork: ForkDialog }> {
  const page = await LabPage.open(browser, lab.url + place)
  onTestFinished(() => page.close())
  return { page, fork: new ForkDialog(page) }
}

test('a live lab: a command at an instant of its past, beside what happened', async () => {
  const { page, fork } = await open(`#t=${between}`)
  await page.page.getByRole('button', { name: 'Go live' }).waitFor()
  await fork.open()
  await fork.command('3 crash')
  expect(await fork.firstDifference()).toMatch(
    /^First difference at .* As it happened: .* 3 crash: node 3 ends crashed\.$/,
  )
  expect(await fork.columnsOf('As it happened')).toEqual(await fork.columnsOf('3 crash'))
  // The later commands are given again: the crash, the message and the restart.
  await fork
    .run('3 crash')
    .getByRole('row', { name: /network/ })
    .waitFor()
  for (const run of ['As it happened', '3 crash']) expect(await fork.run(run).textContent()).toMatch(/\d+ datagrams ·/)
  await expectNoViolation(page)
  expect(page.errors).toEqual([])
})

test('a live lab: nothing is known of what comes, so the lab goes on without the change as well', async () => {
  const { page, fork } = await open()
  await page.seesNode(3, /running/)
  await fork.open()
  await fork.command('0 msg 9 more')
  await fork
    .run('Without the change')
    .getByText(/all nodes have all/)
    .waitFor()
  await fork.run('0 msg 9 more').getByRole('row', { name: /more/ }).waitFor()
  await expect.poll(() => fork.run('Without the change').textContent()).toContain('not sent in this run')
  expect(page.errors).toEqual([])
})

test('a crash is undone, and a fork is opened as a recording, saved, and forked again', async () => {
  const { page, fork } = await open()
  const { page: view } = page
  await page.seesNode(3, /running/)
  await fork.open()
  await fork.choose('Undo 1 crash')
  await fork
    .run(/^Without 1 crash/)
    .getByText(/all nodes have all after/)
    .waitFor()
  await fork.dialog.getByLabel('Name').fill('no crash')
  const download = view.waitForEvent('download')
  await fork.dialog.getByRole('button', { name: 'Save its recording' }).click()
  const file = await savedFile(await download)
  await fork.openChosen()
  await view.getByText(/no crash\. A fork at/).waitFor()
  await view.getByText('simulated, virtual clock').waitFor()

  await fork.open()
  await fork.command('2 crash')
  await expect
    .poll(() => fork.tree.allTextContents())
    .toEqual([expect.stringContaining('no crash'), expect.stringContaining('2 crash')])
  expect(page.errors).toEqual([])

  // The saved one opens anywhere, and is forked there.
  const elsewhere = await open()
  await forkFile(elsewhere, file, 'Nothing: another chance')
  expect(elsewhere.page.errors).toEqual([])
})

test('a recording of a lab: a later command is left out', async () => {
  const { page } = await open()
  const file = await share(page, 'Recording')
  const elsewhere = await open()
  const { fork } = elsewhere
  await forkFile(elsewhere, file, 'Leave out 0 msg 2 network', `t=${between}`)
  await expect.poll(() => fork.run(/^Without 0 msg 2/).textContent()).toContain('not sent in this run')
  expect(elsewhere.page.errors).toEqual([])
})

/** Opens a recording, goes to an instant of it, and forks there. */
async function forkFile({ page, fork }: Awaited<ReturnType<typeof open>>, file: string, words: string, at = '') {
  const { page: view } = page
  await view.getByRole('button', { name: 'Share', exact: true }).click()
  await view.getByLabel('File to open').setInputFiles(file)
  await fork.dialog.waitFor({ state: 'hidden' })
  await view
    .getByRole('button', { name: /^Back to the (?:live )?lab/ })
    .first()
    .waitFor()
  if (at !== '') await view.evaluate((place) => location.assign(`#${place}`), at)
  await fork.open()
  await fork.choose(words)
}
