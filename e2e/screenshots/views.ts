/** Every view and dialog, on an active lab. */
import type { TestLab } from '../../server/test-support/lab-process.ts'
import type { LabPage } from '../support/lab-page.ts'
import { LessonDriver } from '../support/lesson-driver.ts'
import { chatter, ring, type Story, sayInTurn, settled, story, WORDS } from './story.ts'

export const dialog = (name: RegExp | string) => async (page: LabPage) => {
  await page.page.getByRole('button', { name }).click()
  await page.page.getByRole('dialog').waitFor()
}
export const tab = (name: string) => (page: LabPage) => page.page.getByRole('tab', { name }).click()

/** One link cut one way, one that loses much, a hoarder; the link is selected. */
async function wrong(page: LabPage) {
  for (const line of ['link 0>1 cut', 'link 2 3 loss 40', 'node 4 hoard on']) await page.type(line)
  await page.page.keyboard.press('Escape')
  await page.page.locator('[data-link="2-3"]').press('Enter')
}

const waits = (lab: TestLab, least: number) => lab.waitFor(({ held }) => Object.keys(held).length >= least)

/** Held: two messages are at the gates, one has been released, and another datagram has been selected. */
const hold: Story = story(
  { nodes: 5, linkDelayMs: 100 },
  {
    async prepare(lab) {
      await sayInTurn(lab, WORDS.slice(0, 3), (place) => place)
      await lab.command('hold timers on')
      await lab.command('hold on')
      for (const line of ['2 msg 1 digest', '4 msg 1 ping', '1 msg 1 pong']) await lab.command(line)
      await waits(lab, 4)
    },
    async act(lab) {
      await lab.command('3 msg 1 hop')
      const [oldest = ''] = Object.keys((await lab.state()).held)
      await lab.command('step')
      await lab.waitFor(({ held }) => held[Number(oldest)] === undefined)
    },
    async sees({ page }) {
      await page
        .getByRole('region', { name: 'Hold and step' })
        .getByText(/delivered/)
        .waitFor()
      await page
        .getByRole('button', { name: /^Held / })
        .first()
        .press('Enter')
    },
  },
)

/** The list of lessons, or one of them. */
const lesson = (held: (lesson: LessonDriver, page: LabPage) => Promise<unknown>): Story =>
  story(
    { nodes: 4, linkDelayMs: 100 },
    { choose: async (page) => void (await held(await LessonDriver.open(page), page)), inTurn: true },
  )

const SCENARIO = [
  'network 8 ring',
  '0 msg 1 hello',
  'until copies hello = 8',
  '3 msg 1 world',
  'expect 3 chatLog hello,worlds',
]

async function runScenario({ page }: LabPage) {
  await page.getByRole('button', { name: 'Lessons', exact: true }).click()
  const buffer = Buffer.from(SCENARIO.join('\n'))
  await page.locator('input[type=file]').setInputFiles({ name: 'own.scenario', mimeType: 'text/plain', buffer })
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.getByText('Done.').waitFor()
}

/** A thousand messages in a mesh: space-time with thousands of strokes, and the other views with as many rows. */
const busy = (choose: Story['choose']) =>
  story(
    { nodes: 8, topology: 'mesh', linkDelayMs: 100 },
    {
      async prepare(lab) {
        for (let said = 0; said < 200; said += 1) await lab.command(`${said % 8} msg 1 word-${said}`)
        await settled(lab, 200)
      },
      choose,
      async act(lab) {
        await Promise.all(Array.from({ length: 100 }, (_, place) => lab.command(`${place % 8} msg 1 more-${place}`)))
      },
      sees: async ({ page }) => void (await page.locator('[aria-rowcount="301"]').waitFor()),
    },
  )

async function lookBack({ page }: LabPage) {
  await page.keyboard.press('.')
  for (let back = 0; back < 6; back += 1) await page.keyboard.press('Shift+ArrowLeft')
}

/** The latest datagram, selected in flight. */
const datagram: Story = {
  ...chatter({ nodes: 4, linkDelayMs: 1_500 }),
  async sees({ page }) {
    await page.locator('[aria-rowcount="8"]').waitFor()
    await page.keyboard.press('d')
  },
}

const recording: Story = {
  ...chatter(ring),
  async sees({ page }) {
    await page.getByRole('button', { name: 'Share' }).click()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: /^Recording/ }).click()
    const path = await (await download).path()
    await page.locator('input[type=file]').setInputFiles({
      name: 'tuesday.jsonl',
      mimeType: 'application/jsonl',
      buffer: await (await import('node:fs/promises')).readFile(path),
    })
    await page.getByText('Back to the live lab').waitFor()
    await page.keyboard.press('End')
    for (let back = 0; back < 3; back += 1) await page.keyboard.press('Shift+ArrowLeft')
  },
}

export const VIEWS = {
  message: chatter(ring, ({ page }) => page.getByRole('button', { name: /^coin/ }).first().click()),
  datagram,
  link: chatter(ring, ({ page }) => page.locator('[data-link="2-3"]').press('Enter')),
  'space-time-table': chatter(ring, ({ page }) => page.getByRole('button', { name: 'Show as a table' }).click()),
  curve: chatter(ring, tab('Curves')),
  events: chatter(ring, tab('Events')),
  console: chatter(ring, async (page) => {
    await page.openConsole()
    await page.type('0 get chatLog')
    await page.page.getByRole('textbox', { name: 'Command' }).fill('link 0 ')
  }),
  'console-mesh': chatter({ nodes: 10, topology: 'mesh', linkDelayMs: 600 }, (page) => page.openConsole()),
  past: {
    ...chatter(ring, lookBack),
    sees: async ({ page }) => void (await page.getByText(/events? behind/).waitFor()),
  },
  'full-screen': {
    ...chatter(ring, ({ page }) => page.getByRole('button', { name: 'Full-screen stage' }).click()),
    // The spread is not there.
    sees: (page) => page.seesNode(0, /7 messages/),
  },
  faults: chatter({ nodes: 6, topology: 'ring', linkDelayMs: 500 }, wrong),
  hold,
  'busy-space-time': busy(tab('Space-time')),
  'busy-curve': busy(tab('Curves')),
  'busy-events': busy(tab('Events')),
  recording,
  'dialog-network': chatter(ring, dialog('New network')),
  'dialog-share': chatter(ring, dialog('Share')),
  'dialog-help': chatter(ring, dialog('Help')),
  'dialog-invite-closed': chatter(ring, dialog('Invite')),
  lessons: story(
    { nodes: 4 },
    { choose: ({ page }) => page.getByRole('button', { name: 'Lessons', exact: true }).click() },
  ),
  'lesson-question': lesson((held) => held.begin('hoarder')),
  'lesson-node': lesson(async (held, page) => {
    await held.begin('hoarder')
    await page.select(2)
  }),
  'lesson-answer': lesson(async (held) => {
    await held.begin('hoarder')
    await held.predict('wrong')
  }),
  scenario: { ...story({ nodes: 8, linkDelayMs: 20 }, { choose: runScenario }), inTurn: true },
} satisfies Readonly<Record<string, Story>>
