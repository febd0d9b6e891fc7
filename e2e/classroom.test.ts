/** Tests a class in real browsers: a presenter with the key, viewers without, their views, and their messages. */
import type { Browser, Locator } from 'playwright-core'
import { encode } from 'uqr'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startLab, type TestLab } from '../server/test-support/lab-process.ts'
import { layCable } from './support/cable.ts'
import { expectInSight } from './support/in-sight.ts'
import { LabPage } from './support/lab-page.ts'
import { answered, drawn } from './support/settled.ts'
import { sharedBrowser } from './support/shared-browser.ts'
import { openTunnel } from './support/tunnel.ts'

let browser: Browser
let lab: TestLab
beforeAll(async () => {
  browser = await sharedBrowser()
  lab = await startLab({ nodes: 4, linkDelayMs: 0, args: ['--host', '0.0.0.0', '--name', 'localhost.test'] })
})
afterAll(async () => {
  await browser.close()
  await lab.stop()
})

type Options = Parameters<typeof LabPage.open>[2]

async function open(address: string, options: Options = {}): Promise<LabPage> {
  const page = await LabPage.open(browser, address, options)
  onTestFinished(() => page.close())
  return page
}
const openPresenter = () => open(`${lab.url}/#key=${lab.key}`)
const openViewer = (options?: Options) => open(lab.url, options)
const chosen = ({ page }: LabPage, id: number) =>
  page.getByRole('region', { name: `Node ${id}`, exact: true }).waitFor()

test('the presenter’s key is gone from the address bar, and no script can read it; a viewer has none', async () => {
  const presenter = await openPresenter()
  await expect.poll(() => presenter.page.url()).toBe(`${lab.url}/`)
  expect(
    await presenter.page.evaluate(() => document.cookie + localStorage.length + JSON.stringify(history.state)),
  ).toBe('0null')
  const [cookie] = await presenter.page.context().cookies()
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', value: lab.key })
  await presenter.page.reload()
  await presenter.page.getByRole('button', { name: 'New network' }).waitFor()
  const viewer = await openViewer()
  await viewer.page.getByText('You are watching').waitFor()
  expect(await viewer.page.context().cookies()).toEqual([])
  expect([...presenter.errors, ...viewer.errors]).toEqual([])
})

test('a viewer cannot act: there is no button and no field, and no key does anything', async () => {
  const viewer = await openViewer()
  const { page } = viewer
  await page.getByText('You are watching').waitFor()
  for (const name of [/New network/, /^Invite/, 'Message', 'Crash', 'Chat log', 'Cut', 'Heal'])
    expect(await page.getByRole('button', { name, exact: typeof name === 'string' }).count(), `${name}`).toBe(0)
  await viewer.select(1)
  expect(await page.getByRole('button', { name: 'Crash' }).count()).toBe(0)
  expect(await page.getByRole('textbox').count()).toBe(0)
  const before = (await lab.state()).last
  for (const letter of 'xrlnimhs') await page.keyboard.press(`Alt+${letter}`)
  await page.keyboard.press('/')
  // Dialogs load on demand: one that opens proves that the others did not.
  await page.keyboard.press('?')
  const dialog = page.getByRole('dialog')
  await dialog.filter({ has: page.getByRole('heading', { name: 'Help' }) }).waitFor()
  expect(await dialog.count()).toBe(1)
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await page.locator('[data-link="0-1"]').press('Enter')
  await page.getByRole('region', { name: 'Link 0 to 1' }).waitFor()
  expect(await page.getByRole('button', { name: 'Cut', exact: true }).count()).toBe(0)
  await answered(page)
  expect((await lab.state()).commands.filter(({ n }) => n > before)).toEqual([])
  // Held datagrams are visible, and cannot be released.
  for (const line of ['hold timers on', 'hold on']) await lab.command(line)
  const bar = page.getByRole('region', { name: 'Hold and step' })
  await bar.getByText(/timers are stopped: nothing moves until you step or deliver/).waitFor()
  expect(await bar.getByRole('button').count()).toBe(0)
  await lab.command('hold timers off')
  await bar.getByText(/timers keep running/).waitFor()
  await lab.command('hold off')
  await bar.waitFor({ state: 'hidden' })
  expect(viewer.errors).toEqual([])
})

test('a viewer learns why they only watch, and gets control by a key in the address', async () => {
  const viewer = await openViewer()
  const { page } = viewer
  await page.getByRole('button', { name: 'Why can I only watch?' }).click()
  const dialog = page.getByRole('dialog', { name: 'You are watching' })
  await dialog.getByText(`${lab.url}/#key=…`).waitFor()
  await page.keyboard.press('Escape')
  await page.evaluate(() => location.assign('#key=of-yesterday'))
  await expect.poll(() => page.url()).not.toContain('key')
  await page.getByRole('button', { name: 'Why can I only watch?' }).click()
  await dialog.getByText('does not belong to this lab').waitFor()
  expect(await page.getByRole('button', { name: 'New network' }).count()).toBe(0)
  await page.evaluate((key) => location.assign(`#key=${key}`), lab.key)
  await page.getByRole('button', { name: 'New network' }).waitFor()
  await expect.poll(() => page.url()).toBe(`${lab.url}/`)
})

test('through a tunnel the page says which name would be admitted; with that name it watches, and acts with the key', async () => {
  const tunnel = await openTunnel()
  const nameless = await startLab({ nodes: 1 })
  onTestFinished(() => nameless.stop())
  tunnel.leadTo(nameless.url)
  const outside = await LabPage.blank(browser)
  onTestFinished(() => outside.close())
  await outside.page.goto(tunnel.url)
  const name = new URL(tunnel.url).host
  await outside.page.getByText(`start the lab with --name ${name}`).waitFor()

  const named = await startLab({ nodes: 1, args: ['--name', name] })
  onTestFinished(() => named.stop())
  tunnel.leadTo(named.url)
  await outside.node(0).waitFor()
  await outside.page.getByText('You are watching').waitFor()
  const presenter = await open(`${tunnel.url}/#key=${named.key}`)
  await presenter.page.getByRole('button', { name: 'New network' }).waitFor()
  expect(presenter.errors).toEqual([])
})

test('a viewer follows the presenter’s selection and instant, leaves by a click, and comes back by a button', async () => {
  const [presenter, viewer] = [await openPresenter(), await openViewer()]
  await presenter.page.getByRole('button', { name: /1 watching/ }).waitFor()
  await presenter.select(2)
  await chosen(viewer, 2)
  const held = (await lab.state()).messages.length + 1
  await lab.command('0 msg 1 hello')
  for (const page of [presenter, viewer]) await page.seesNode(3, new RegExp(`${held} of ${held}`))
  await presenter.page.getByRole('button', { name: 'Pause the view' }).click()
  await viewer.page.getByRole('button', { name: 'Play', exact: true }).waitFor()
  const instant = ({ page }: LabPage) => page.locator('section[aria-label="Time"] p strong').textContent()
  const before = await instant(presenter)
  await presenter.page.getByRole('button', { name: 'Previous event' }).click()
  // It is updated several times a second.
  await expect
    .poll(async () => [await instant(viewer), await instant(presenter)])
    .toSatisfy(([seen, shown]) => seen === shown && seen !== before)

  await viewer.node(3).click()
  const follow = viewer.page.getByRole('button', { name: 'Follow the presenter' })
  await follow.waitFor()
  await presenter.select(1)
  // A viewer who joins later is at the presenter's instant: the others have it by then.
  const phone = await openViewer({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })
  await chosen(phone, 1)
  await drawn(viewer.page)
  await chosen(viewer, 3)
  await follow.click()
  await chosen(viewer, 1)
  await presenter.page.getByRole('button', { name: 'Go live' }).click()
  await viewer.page.getByRole('button', { name: 'Pause the view' }).waitFor()
  await phone.page.getByRole('button', { name: 'Pause the view' }).waitFor()
  await expectInSight(phone.page.locator('[data-node]'), 'the stage on a phone that follows')
  // Two rows: the stage needs the rest.
  const heightOf = async (part: Locator) => (await part.boundingBox())?.height ?? 0
  const button = await heightOf(phone.page.getByRole('button', { name: 'Help' }))
  expect((await heightOf(phone.page.locator('header'))) / button).toBeLessThan(3)
})

test('without a connection the number of viewers is unknown, and nobody is followed', async () => {
  const cables = [await layCable(lab.url), await layCable(lab.url)] as const
  for (const cable of cables) onTestFinished(() => cable.close())
  const [presenter, viewer] = [await open(`${cables[0].url}/#key=${lab.key}`), await open(cables[1].url)]
  await presenter.page.getByRole('button', { name: /^Invite: [1-9]\d* watching$/ }).waitFor()
  await viewer.page.getByRole('button', { name: 'Following the presenter' }).waitFor()
  for (const cable of cables) cable.pull()
  await presenter.page.getByRole('button', { name: 'Invite', exact: true }).waitFor()
  await viewer.page.getByRole('button', { name: 'Follow the presenter', disabled: true }).waitFor()
  for (const cable of cables) cable.plugIn()
  await presenter.page.getByRole('button', { name: /^Invite: [1-9]\d* watching$/ }).waitFor()
  await viewer.page.getByRole('button', { name: 'Following the presenter' }).waitFor()
})

test('the presenter invites: the address in letters and as a code with the same text', async () => {
  const { page } = await openPresenter()
  await page.getByRole('button', { name: /^(Invite|\d+ watching)/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Invite' })
  const code = dialog.getByRole('img', { name: /^QR code of http/ })
  await code.waitFor()
  const address = (await code.getAttribute('aria-label'))?.replace('QR code of ', '') ?? ''
  await dialog.getByText(address, { exact: true }).first().waitFor()
  const { data } = encode(address, { ecc: 'M', border: 4 })
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
  expect(await code.locator('path').getAttribute('d')).toBe(dark.join(''))
  expect(address).toMatch(new RegExp(`:${new URL(lab.url).port}$`))
  expect(address).not.toContain('key')
  // It contains the lab's address.
  expect((await fetch(`${address}/api/health`)).status).toBe(200)
})

/** Text that would act if the page took it for anything but text. */
const HOSTILE = [
  '<img src=x onerror="window.hacked=1">',
  '<script>window.hacked=1</script>',
  '"><svg/onload=window.hacked=1>',
  "';window.hacked=1;//",
  '</script><b class=hacked>bold</b>',
  '{{constructor.constructor("window.hacked=1")()}}',
]

test('a class writes while the presenter lets it, and its messages are text everywhere', async () => {
  const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }
  const [presenter, viewer] = [await openPresenter(), await openViewer(phone)]
  await presenter.page.getByRole('button', { name: /^(Invite|\d+ watching)/ }).click()
  await presenter.page.getByText('Only you can control the lab').waitFor()
  await presenter.page.getByRole('checkbox', { name: 'Viewers may send messages' }).click()
  await presenter.page.getByText('can watch and send messages').waitFor()
  await presenter.page.keyboard.press('Escape')
  const text = viewer.page.getByRole('textbox', { name: 'Message text' })
  await text.waitFor()
  await viewer.page.getByRole('textbox', { name: 'Your name' }).fill('<b>Eve</b>')
  await text.fill('hello')
  await text.press('Enter')
  await viewer.page.getByText('a name may contain only letters').waitFor()
  await viewer.page.getByRole('textbox', { name: 'Your name' }).fill('Eve O’Neil')
  const toWhich = viewer.page.getByRole('combobox', { name: 'To which node' })
  await viewer.select(1)
  await expect.poll(() => toWhich.inputValue()).toBe('1')
  await toWhich.selectOption('to node 2')
  await text.fill(HOSTILE[0] ?? '')
  await text.press('Enter')
  await viewer.page.getByText('Sent to node 2').waitFor()
  // The presenter's page sends the others: viewers are limited in rate.
  for (const [id, hostile] of HOSTILE.slice(1).entries()) await lab.command(`${id % 4} msg 1 ${hostile}`)
  await lab.waitFor(({ nodes }) => nodes.every(({ messages }) => messages >= HOSTILE.length))
  const { commands } = await lab.state()
  expect(commands.find(({ by }) => by === 'viewer')).toMatchObject({ who: 'Eve O’Neil', line: `2 msg 1 ${HOSTILE[0]}` })

  for (const { page } of [presenter, viewer]) {
    for (const hostile of HOSTILE) await page.locator('[data-message]', { hasText: hostile }).first().waitFor()
    await page.getByRole('button', { name: 'Open the console' }).click()
    await page.getByRole('log').getByText('Eve O’Neil says').waitFor()
    for (const tab of ['Curves', 'Events']) await page.getByRole('tab', { name: tab }).click()
    await page
      .getByText(HOSTILE[1] ?? '')
      .first()
      .waitFor()
    expect(await page.evaluate(() => 'hacked' in window)).toBe(false)
    expect(await page.locator('.hacked, img, body script').count()).toBe(0)
  }

  await presenter.page.getByRole('button', { name: 'End the chat' }).click()
  await text.waitFor({ state: 'hidden' })
  expect([...presenter.errors, ...viewer.errors]).toEqual([])
})

test('on loopback the page says how to open the lab for a class', async () => {
  const alone = await startLab({ nodes: 1 })
  onTestFinished(() => alone.stop())
  const { page } = await open(alone.url)
  await page.getByRole('button', { name: 'Invite' }).click()
  await page.getByText('npm start -- --host 0.0.0.0').waitFor()
  // There is no address yet.
  expect(await page.getByText(/^Anyone with this link/).count()).toBe(0)
})
