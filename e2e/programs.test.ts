/** Tests programs of others in the lab: the built lab, processes in Python and C, and a real browser. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { commandOf, inC, inPython } from '../server/test-support/foreign.ts'
import { startLab } from '../server/test-support/lab-process.ts'
import { isAlive } from '../server/test-support/processes.ts'
import { disagreement } from '../shared/model/agreement.ts'
import { holds, type LabState } from '../shared/model/lab-state.ts'
import { LabPage } from './support/lab-page.ts'
import { sharedBrowser } from './support/shared-browser.ts'

let browser: Browser
beforeAll(async () => {
  browser = await sharedBrowser()
})
afterAll(() => browser.close())

async function start(nodes: number, ...programs: string[]) {
  const lab = await startLab({ nodes, args: programs.flatMap((program) => ['--program', program]) })
  onTestFinished(() => lab.stop())
  return lab
}

const isEverywhere = (text: string) => (state: LabState) =>
  state.messages.some((message) => message.text === text && state.nodes.every(({ id }) => holds(message, id)))

test('three nodes of a program in C: a browser sees the spread, a crash, and what is only inferred', async () => {
  const lab = await start(3, commandOf(inC()))
  const page = await LabPage.open(browser, lab.url)
  onTestFinished(() => page.close())
  await page.say(0, 'hello')
  await lab.waitFor(isEverywhere('hello'))
  const spread = page.page.getByRole('region', { name: 'Spread of messages' })
  await expect.poll(() => spread.getByRole('row').nth(1).textContent()).toMatch(/hello.*inferred: in its chat log/s)
  await page.page.getByText('times of programs: inferred from chat logs').waitFor()
  const panel = await page.select(1)
  await panel.getByText('The lab infers its messages from its chat log').waitFor()
  expect(await panel.getByText('Misbehaviour').count()).toBe(0)
  await page.press(1, 'Crash')
  await page.seesNode(1, /crashed/)
  await page.press(1, 'Restart')
  await lab.waitFor((state) => isEverywhere('hello')(state) && disagreement(state) === undefined)
  await page.page.getByText('programs do not report datagrams').waitFor()
})

test('programs on the even nodes and ours on the odd ones gossip with each other', async () => {
  const lab = await start(4, `0,2=${commandOf(inPython('text'))}`)
  for (const id of [0, 1, 2, 3]) await lab.command(`${id} msg 1 from${id}`)
  const state = await lab.waitFor((now) => [0, 1, 2, 3].every((id) => isEverywhere(`from${id}`)(now)))
  expect(state.messages).toHaveLength(4)
  expect(disagreement(state)).toBeUndefined()
})

test('a lab that is killed leaves no program behind', async () => {
  const lab = await start(2, commandOf(inPython('text', 'stubborn')))
  const { nodes } = await lab.waitFor((state) => state.nodes.every(({ pid }) => pid !== null))
  const pids = nodes.map(({ pid }) => pid)
  expect(pids.map(isAlive)).toEqual([true, true])
  lab.child.kill('SIGKILL')
  await expect.poll(() => pids.map(isAlive)).toEqual([false, false])
})
