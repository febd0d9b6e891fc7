/** Tests the positions of the views on the page, on screens of different sizes. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startLab } from '../server/test-support/lab-process.ts'
import { LabPage } from './support/lab-page.ts'
import { settled } from './support/settled.ts'
import { sharedBrowser } from './support/shared-browser.ts'

const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }

let browser: Browser
beforeAll(async () => {
  browser = await sharedBrowser()
})
afterAll(() => browser.close())

test.each([
  [17, 'ring'],
  [64, 'grid'],
] as const)('on a projector all views of %i nodes in a %s are complete without scrolling', async (...network) => {
  const [nodes, topology] = network
  const lab = await startLab({ nodes, topology })
  onTestFinished(() => lab.stop())
  for (let said = 0; said < 6; said += 1) await lab.command(`${said} msg 1 word-${said}`)
  for (const [width, height] of [
    [1280, 720],
    [1920, 1080],
  ] as const) {
    const page = await LabPage.open(browser, lab.url, { viewport: { width, height } })
    onTestFinished(() => page.close())
    await page.seesNode(nodes - 1, /6 of 6/)
    // The stage takes the height that its links need; a view without room is reduced to its tab.
    const low = () =>
      page.page.locator('main').evaluate((element) => ({
        scrolls: element.scrollHeight - element.clientHeight,
        views: [...element.querySelectorAll(':scope > section:not([data-named="true"])')]
          .map((view) => view.getBoundingClientRect().height)
          .filter((height) => height <= 90),
      }))
    await expect.poll(low).toEqual({ scrolls: 0, views: [] })
  }
})

test('with more messages than rows, the newest are in sight and no row is cut', async () => {
  const lab = await startLab({ nodes: 4 })
  onTestFinished(() => lab.stop())
  for (let said = 0; said < 24; said += 1) await lab.command(`${said % 4} msg ${said} word-${said}`)
  for (const [height, isLarge] of [
    [720, false],
    [729, false],
    [738, false],
    [720, true],
  ] as const) {
    const page = await LabPage.open(browser, lab.url, { viewport: { width: 1280, height } })
    onTestFinished(() => page.close())
    await page.seesNode(3, /24 of 24/)
    if (isLarge) await page.page.keyboard.press('p')
    const spread = page.page.getByRole('region', { name: 'Spread of messages' })
    const cutOff = () =>
      spread.evaluate((box) => {
        const { top: above, bottom } = box.getBoundingClientRect()
        const top = Math.max(above, box.querySelector('thead')?.getBoundingClientRect().bottom ?? 0)
        const rows = [...box.querySelectorAll('[data-message]')].map((row) => row.getBoundingClientRect())
        const seen = rows.filter((row) => row.bottom > top + 1 && row.top < bottom - 1)
        const cut = seen.filter((row) => row.top < top - 1 || row.bottom > bottom + 1)
        return {
          some: seen.length > 1 && seen.length < 24,
          cut: cut.length,
          isNewest: rows.at(-1)?.bottom === seen.at(-1)?.bottom,
          seen: seen.length,
        }
      })
    const sees = async () => {
      const { seen, ...rest } = await cutOff()
      return { ...rest, isSaid: await page.page.getByText(`${25 - seen} to 24 of 24`, { exact: true }).isVisible() }
    }
    await expect.poll(sees).toEqual({ some: true, cut: 0, isNewest: true, isSaid: true })
    await spread.getByText('word-23').waitFor()
  }
})

test('in full-screen mode a selected node has its actions, and Escape leaves it', async () => {
  const lab = await startLab({ nodes: 3 })
  onTestFinished(() => lab.stop())
  const page = await LabPage.open(browser, lab.url)
  onTestFinished(() => page.close())
  const { keyboard } = page.page
  await keyboard.press('f')
  await page.page.getByRole('button', { name: 'Leave full screen' }).waitFor()
  await page.page.getByRole('region', { name: 'Spread', exact: true }).waitFor({ state: 'hidden' })
  await page.say(1, 'hello')
  await page.seesNode(2, /1 of 1/)
  await page.page.getByRole('button', { name: 'Close the console' }).click()
  // One for the selection, one for the screen: the browser decides which comes first.
  for (const _ of ['twice', 'pressed']) await keyboard.press('Escape')
  await page.page.getByRole('region', { name: 'Spread', exact: true }).waitFor()
  expect(page.errors).toEqual([])
})

test.each([
  ['a tablet', { viewport: { width: 768, height: 1024 }, isMobile: true, hasTouch: true }],
  ['a phone', PHONE],
])('in full-screen mode of %s the stage has all the room that header and foot leave', async (_, screen) => {
  const lab = await startLab({ nodes: 3, topology: 'ring' })
  onTestFinished(() => lab.stop())
  const page = await LabPage.open(browser, lab.url, screen)
  onTestFinished(() => page.close())
  await page.page.keyboard.press('f')
  await page.page.getByRole('button', { name: 'Leave full screen' }).waitFor()
  const left = async () => {
    const [stage, foot] = [
      await page.page.getByRole('region', { name: 'Stage', exact: true }).boundingBox(),
      await page.page.locator('footer').boundingBox(),
    ]
    return stage && foot ? Math.abs(foot.y - stage.y - stage.height) : Number.NaN
  }
  await expect.poll(left).toBeLessThan(24)
  const below = () => page.page.evaluate(() => document.documentElement.scrollHeight - innerHeight)
  await expect.poll(below).toBe(0)
})

test('on a phone, the words of a paused view overlap nothing', async () => {
  const lab = await startLab({ nodes: 3 })
  onTestFinished(() => lab.stop())
  const page = await LabPage.open(browser, lab.url, PHONE)
  onTestFinished(() => page.close())
  await page.page.keyboard.press('.')
  const bar = page.page.locator('footer')
  await bar.getByRole('button', { name: 'Go live' }).waitFor()
  const onEachOther = () =>
    bar.locator('span:not(:has(*)), button, strong').evaluateAll((parts) => {
      const boxes = parts.filter((part) => part.checkVisibility()).map((part) => part.getBoundingClientRect())
      return boxes.flatMap((a, index) =>
        boxes.slice(index + 1).flatMap((b) => {
          const across = Math.min(a.right, b.right) - Math.max(a.left, b.left)
          const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)
          return across > 1 && down > 1 ? [`${JSON.stringify(a)} on ${JSON.stringify(b)}`] : []
        }),
      )
    })
  await expect.poll(onEachOther).toEqual([])
})

test('on a phone with large type the header’s buttons are in one row', async () => {
  const lab = await startLab({ nodes: 3 })
  onTestFinished(() => lab.stop())
  const page = await LabPage.open(browser, lab.url, PHONE)
  onTestFinished(() => page.close())
  const buttons = page.page.locator('header button:not([popovertarget])')
  const rows = () =>
    buttons.evaluateAll((all) => {
      const middles = all.filter((button) => button.checkVisibility()).map((button) => button.getBoundingClientRect())
      return { buttons: middles.length, rows: new Set(middles.map(({ y, height }) => Math.round(y + height / 2))).size }
    })
  await expect.poll(rows).toEqual({ buttons: 6, rows: 1 })
  await page.page.keyboard.press('p')
  await page.page.locator('html[data-projector=true]').waitFor()
  await expect.poll(rows).toEqual({ buttons: 6, rows: 1 })
  await page.page.keyboard.press('p')
  // Settings of the browser or the system.
  const devtools = await page.page.context().newCDPSession(page.page)
  await devtools.send('Page.setFontSizes', { fontSizes: { standard: 32 } })
  await expect.poll(() => page.page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe('32px')
  await expect.poll(rows).toEqual({ buttons: 6, rows: 1 })
})

test('near the edge of a phone, the tooltip of a datagram is as wide as elsewhere', async () => {
  const lab = await startLab({ nodes: 4 })
  onTestFinished(() => lab.stop())
  const page = await LabPage.open(browser, lab.url, { viewport: { width: 360, height: 740 } })
  onTestFinished(() => page.close())
  for (const line of ['hold timers on', 'hold on', '3 msg 1 hello']) await lab.command(line)
  await page.page
    .getByRole('button', { name: /^Held / })
    .first()
    .press('Enter')
  const tip = page.page
    .locator('[aria-hidden=true]')
    .filter({ hasText: /^[^a-z]*rumor “hello”/ })
    .last()
  await expect.poll(async () => (await tip.boundingBox())?.width ?? 0).toBeGreaterThan(200)
})

test('in projector mode everything beside the stage is within its bounds', async () => {
  const lab = await startLab({ nodes: 5 })
  onTestFinished(() => lab.stop())
  const page = await LabPage.open(browser, lab.url)
  onTestFinished(() => page.close())
  await lab.command('node 2 hoard on')
  await page.page.keyboard.press('p')
  const stage = page.page.getByRole('region', { name: 'Stage', exact: true })
  await stage.getByRole('button', { name: /^Heal everything/ }).waitFor()
  const bottom = async (box: ReturnType<typeof stage.boundingBox>) =>
    ((await box)?.y ?? Number.NaN) + ((await box)?.height ?? 0)
  const hold = stage.getByRole('button', { name: 'Hold', exact: true })
  await expect
    .poll(async () => (await bottom(stage.boundingBox())) - (await bottom(hold.boundingBox())))
    .toBeGreaterThan(0)
})

test('in projector mode stage, spread and an open console are in sight together on a small projector', async () => {
  const lab = await startLab({ nodes: 8, topology: 'ring' })
  onTestFinished(() => lab.stop())
  const page = await LabPage.open(browser, lab.url)
  onTestFinished(() => page.close())
  await page.page.keyboard.press('p')
  await page.page.getByRole('tab', { name: 'Curves' }).click()
  await page.openConsole()
  const main = page.page.locator('main')
  const isWhole = () =>
    main.evaluate((element) => ({
      scrolls: element.scrollHeight - element.clientHeight,
      views: [...element.querySelectorAll(':scope > section')].map(({ ariaLabel }) => ariaLabel),
    }))
  await expect.poll(isWhole).toEqual({ scrolls: 0, views: ['Stage', 'Spread'] })
  await page.page.getByRole('log').waitFor()
  await page.page.getByRole('button', { name: 'Close the console' }).click()
  await expect.poll(isWhole).toEqual({ scrolls: 0, views: ['Stage', 'Spread', 'Views of time'] })
  await page.page.getByRole('tab', { name: 'Curves', selected: true }).waitFor()
})

test('on a phone a lesson is above the foot of the page, whatever the height of the foot', async () => {
  const lab = await startLab({ nodes: 3 })
  onTestFinished(() => lab.stop())
  const page = await LabPage.open(browser, lab.url, PHONE)
  onTestFinished(() => page.close())
  await page.page.getByRole('button', { name: 'Lessons', exact: true }).click()
  await page.page.getByRole('heading', { name: 'Lessons', exact: true }).waitFor()
  const covered = async () => {
    const [lesson, foot] = [
      await page.page.locator('aside').boundingBox(),
      await page.page.locator('footer').boundingBox(),
    ]
    return lesson && foot ? Math.max(0, lesson.y + lesson.height - foot.y - 1) : Number.NaN
  }
  await expect.poll(covered).toBe(0)
  await page.page.keyboard.press('.')
  await page.page.getByRole('button', { name: 'Go live' }).waitFor()
  await expect.poll(covered).toBe(0)
  await page.openConsole()
  await expect.poll(covered).toBe(0)
})

test.each([
  [390, 844],
  [360, 640],
])('on a phone of %i by %i, the sender of a message sees it go', async (width, height) => {
  const lab = await startLab({ nodes: 8 })
  onTestFinished(() => lab.stop())
  const page = await LabPage.open(browser, lab.url, {
    viewport: { width, height },
    isMobile: true,
    hasTouch: true,
    reducedMotion: 'reduce',
  })
  onTestFinished(() => page.close())
  for (let said = 1; said <= 6; said += 1) await lab.command(`0 msg ${said} word`)
  await page.node(1).tap()
  const field = page.page.getByRole('textbox', { name: 'Message text' })
  await field.fill('hello')
  await field.press('Enter')
  await page.page.getByRole('button', { name: /^Node 7,.* 7 of 7/ }).waitFor()
  const boxOf = (locator: typeof field) => locator.boundingBox()
  const covered = async () => {
    const panel = await boxOf(page.page.locator('aside'))
    const nodes = await Promise.all([0, 1, 2, 3, 4].map((id) => boxOf(page.node(id).locator('circle').last())))
    return nodes.map((node) => node !== null && panel !== null && node.y >= 0 && node.y + node.height <= panel.y)
  }
  await expect.poll(covered).toEqual(Array(5).fill(true))
  const aboveFoot = async () => {
    const [typed, foot] = [await boxOf(field), await boxOf(page.page.locator('footer'))]
    return typed && foot ? foot.y - typed.y - typed.height : Number.NaN
  }
  await expect.poll(aboveFoot).toBeGreaterThanOrEqual(0)
})

test('a change is highlighted for a second and never stays, and a selected node has no further ring', async () => {
  const lab = await startLab({ nodes: 3 })
  onTestFinished(() => lab.stop())
  const page = await LabPage.open(browser, lab.url)
  onTestFinished(() => page.close())
  for (const line of ['hold timers on', 'hold on', '0 msg 1 hello']) await lab.command(line)
  await page.page
    .getByRole('button', { name: /^Held / })
    .first()
    .waitFor()
  await lab.command('step')
  const changed = page.page.locator('[data-node][data-pulse]').first()
  await changed.waitFor()
  const running = () =>
    changed.evaluate(
      (node) => node.getAnimations({ subtree: true }).filter(({ playState }) => playState === 'running').length,
    )
  await expect.poll(running).toBe(0)
  await page.select(2)
  const rings = () =>
    page.page.locator('[data-node]').evaluateAll(
      (nodes) =>
        nodes.flatMap((node) =>
          [...node.querySelectorAll('circle')].slice(0, 2).filter((circle) => {
            const { stroke } = getComputedStyle(circle)
            return stroke !== 'none' && !node.matches(':focus-visible')
          }),
        ).length,
    )
  await expect.poll(rings).toBe(0)
})

test('the splitter moves by keys, is remembered, and Enter gives the stage the height that it needs', async () => {
  const lab = await startLab({ nodes: 6, topology: 'ring' })
  onTestFinished(() => lab.stop())
  const page = await LabPage.open(browser, lab.url)
  onTestFinished(() => page.close())
  const height = async () => (await page.page.locator('[data-topology]').boundingBox())?.height ?? 0
  const splitter = page.page.getByRole('separator', { name: 'Height of the stage' })
  const usual = await settled(height)
  for (const _ of [1, 2, 3]) await splitter.press('ArrowDown')
  await expect.poll(height).toBeGreaterThan(usual + 20)
  const larger = await settled(height)
  await page.page.reload()
  await page.node(0).waitFor()
  await expect.poll(async () => Math.abs((await height()) - larger)).toBeLessThan(3)
  await splitter.press('Enter')
  await expect.poll(async () => Math.abs((await height()) - usual)).toBeLessThan(3)
})

test('with nothing selected the stage has the room of the inspector', async () => {
  const lab = await startLab({ nodes: 4 })
  onTestFinished(() => lab.stop())
  const page = await LabPage.open(browser, lab.url)
  onTestFinished(() => page.close())
  const width = async () => (await page.page.locator('main').boundingBox())?.width ?? 0
  await expect.poll(width).toBeGreaterThan(1200)
  await page.select(1)
  await expect.poll(width).toBeLessThan(1000)
  await page.page.keyboard.press('Escape')
  await page.page.keyboard.press('Escape')
  await expect.poll(width).toBeGreaterThan(1200)
  await page.page.getByRole('button', { name: 'Show the measures' }).click()
  await page.page.getByRole('region', { name: 'Measures' }).waitFor()
})
