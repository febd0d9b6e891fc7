/** What the pictures show: a network, what has happened in it before, and what happens while the picture is taken. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { LabOptions, TestLab } from '../support/lab.ts'
import type { LabPage } from '../support/lab-page.ts'
import { LessonDriver } from '../support/lesson-driver.ts'

/** After the rumor was sent over a link of 250 ms. */
const CROSS_STANDS_MS = 700

export interface Story {
  readonly lab: LabOptions
  /** Once. */
  prepare(lab: TestLab): Promise<void>
  /** On each page: what is selected or open. */
  choose(page: LabPage): Promise<void>
  /** Just before each picture, so that something is on its way. */
  act(lab: TestLab): Promise<void>
  /** Resolves when the page shows it. */
  sees(page: LabPage): Promise<void>
}

const REPORT = ['Lexi', 'my528', 'Sophie', 'sw2298', 'hello', 'heyhey', 'bye', 'farewell']

/** Everybody that runs holds everything. */
const settled = (lab: TestLab, count: number) =>
  lab.waitFor(
    ({ nodes, messages }) =>
      messages.length === count && nodes.every(({ status, held }) => status !== 'running' || held === count),
  )

/** Says one thing after the other, each when the one before is everywhere. */
async function sayInTurn(lab: TestLab, texts: readonly string[], speaker: (place: number) => number) {
  for (const [place, text] of texts.entries()) {
    await lab.command(`${speaker(place)} msg 1 ${text}`)
    await settled(lab, place + 1)
  }
}

const nothing = async () => {}

/** Crashes a node, so that its copies are lost, and waits until the lab has noticed. */
async function crash(lab: TestLab, id: number) {
  await lab.command(`${id} crash`)
  await lab.waitFor(({ nodes }) => nodes[id]?.status === 'crashed')
}

const report: Story = {
  lab: { nodes: 4, linkDelayMs: 250 },
  async prepare(lab) {
    await sayInTurn(lab, REPORT, (place) => Math.floor(place / 2))
  },
  choose: async (page) => void (await page.select(2)),
  async act(lab) {
    if ((await lab.state()).messages.length > REPORT.length) return
    await crash(lab, 1)
    await lab.command('0 msg 3 network')
  },
  async sees(page) {
    await page.page.locator('[data-cell="lost on the way"]').first().waitFor()
    // The cross stands when the rumor should have arrived; a picture has no event to wait for.
    await sleep(CROSS_STANDS_MS)
  },
}

const WORDS = 'rumor status coin fanout window epoch gossip digest ping pong seed hop echo tick tock relay'.split(' ')

/** A network in which a few words are said, and another one whenever a picture is taken. */
function chatter(lab: LabOptions & { readonly nodes: number }, choose: Story['choose'] = nothing): Story {
  let said = 0
  return {
    lab,
    async prepare(running) {
      await sayInTurn(running, WORDS.slice(0, 6), (place) => (place * 3) % lab.nodes)
      said = 6
    },
    choose,
    async act(running) {
      await running.command(`${(said * 5) % lab.nodes} msg 1 ${WORDS[said % WORDS.length]}`)
      said += 1
    },
    async sees({ page }) {
      await page.locator(`[aria-rowcount="${said + 1}"]`).waitFor()
    },
  }
}

const click = (name: string) => async (page: LabPage) => {
  await page.page.getByRole('button', { name }).click()
  await page.page.getByRole('dialog').waitFor()
}

/** One link cut one way, one that loses much, a node that hoards; looked at from the link. */
async function wrong(page: LabPage) {
  for (const line of ['link 0>1 cut', 'link 2 3 loss 40', 'node 4 hoard on']) await page.type(line)
  await page.page.keyboard.press('Escape')
  await page.page.locator('[data-link="2-3"]').press('Enter')
}

const waits = (lab: TestLab, least: number) => lab.waitFor(({ held }) => Object.keys(held).length >= least)

/** Held: two messages wait at the gates, one has been let go, and another datagram has been chosen. */
const hold: Story = {
  lab: { nodes: 5, linkDelayMs: 100 },
  async prepare(lab) {
    await sayInTurn(lab, WORDS.slice(0, 3), (place) => place)
    await lab.command('hold timers on')
    await lab.command('hold on')
    for (const line of ['2 msg 1 digest', '4 msg 1 ping', '1 msg 1 pong']) await lab.command(line)
    await waits(lab, 4)
  },
  choose: nothing,
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
}

/** The list of lessons, or one of them. */
function lesson(hold: (lesson: LessonDriver) => Promise<void>): Story {
  return {
    lab: { nodes: 4, linkDelayMs: 100 },
    prepare: nothing,
    async choose(page) {
      await hold(await LessonDriver.open(page))
    },
    act: nothing,
    async sees() {},
  }
}

const ring = { nodes: 8, topology: 'ring', linkDelayMs: 400 }

export const STORIES = {
  report,
  ring: chatter(ring, async (page) => void (await page.select(3))),
  star: chatter({ nodes: 9, topology: 'star', linkDelayMs: 600 }),
  grid: chatter({ nodes: 12, topology: 'grid', linkDelayMs: 600 }),
  mesh: chatter({ nodes: 10, topology: 'mesh', linkDelayMs: 600 }),
  'line-64': chatter({ nodes: 64, linkDelayMs: 40 }),
  'line-16': chatter({ nodes: 16, linkDelayMs: 200 }),
  'ring-32': chatter({ nodes: 32, topology: 'ring', linkDelayMs: 200 }),
  'grid-64': chatter({ nodes: 64, topology: 'grid', linkDelayMs: 200 }),
  'random-64': chatter({ nodes: 64, topology: 'random', linkDelayMs: 300 }),
  'dialog-network': chatter(ring, click('New network')),
  'dialog-help': chatter(ring, click('Help')),
  console: chatter(ring, (page) => page.openConsole()),
  curve: chatter(ring, (page) => page.page.getByRole('tab', { name: 'Curves' }).click()),
  events: chatter(ring, (page) => page.page.getByRole('tab', { name: 'Events' }).click()),
  'large-type': chatter({ nodes: 4, linkDelayMs: 250 }, (page) => page.page.keyboard.press('p')),
  hold,
  'large-64': chatter({ nodes: 64, topology: 'random', linkDelayMs: 300 }, (page) => page.page.keyboard.press('p')),
  faults: chatter({ nodes: 6, topology: 'ring', linkDelayMs: 500 }, wrong),
  lessons: lesson(nothing),
  'lesson-question': lesson((held) => held.begin('A node that hoards')),
  'lesson-answer': lesson(async (held) => {
    await held.begin('A node that hoards')
    await held.predict('Nodes 0, 1 and 2', /^Predicted right/)
  }),
} satisfies Readonly<Record<string, Story>>
