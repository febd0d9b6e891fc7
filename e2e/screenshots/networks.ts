/** Every topology, from a few nodes to 64. */
import { setTimeout as sleep } from 'node:timers/promises'
import { chatter, crash, ring, type Story, sayInTurn, story } from './story.ts'

/** After the rumor was sent over a link of 250 ms. */
const CROSS_STANDS_MS = 700
const REPORT = ['Lexi', 'my528', 'Sophie', 'sw2298', 'hello', 'heyhey', 'bye', 'farewell']

/** The course report's walkthrough, when node 1 has just crashed: the README's pictures. */
export const report: Story = story(
  { nodes: 4, linkDelayMs: 250 },
  {
    prepare: (lab) => sayInTurn(lab, REPORT, (place) => Math.floor(place / 2)),
    choose: async (page) => void (await page.select(2)),
    async act(lab) {
      await crash(lab, 1)
      await lab.command('0 msg 3 network')
    },
    async sees(page) {
      await page.page.locator('[data-cell="lost on the way"]').first().waitFor()
      // The cross appears when the rumor should have arrived; a picture has no event to wait for.
      await sleep(CROSS_STANDS_MS)
    },
  },
)

export const NETWORKS = {
  report,
  ring: chatter(ring, async (page) => void (await page.select(3))),
  star: chatter({ nodes: 9, topology: 'star', linkDelayMs: 600 }),
  grid: chatter({ nodes: 12, topology: 'grid', linkDelayMs: 600 }),
  mesh: chatter({ nodes: 10, topology: 'mesh', linkDelayMs: 600 }),
  random: chatter({ nodes: 12, topology: 'random', linkDelayMs: 600 }),
  'line-16': chatter({ nodes: 16, linkDelayMs: 200 }),
  'line-64': chatter({ nodes: 64, linkDelayMs: 40 }),
  'ring-32': chatter({ nodes: 32, topology: 'ring', linkDelayMs: 200 }),
  'grid-64': chatter({ nodes: 64, topology: 'grid', linkDelayMs: 200 }),
  'mesh-32': chatter({ nodes: 32, topology: 'mesh', linkDelayMs: 400 }),
  'random-64': chatter({ nodes: 64, topology: 'random', linkDelayMs: 300 }),
  'large-type': chatter({ nodes: 4, linkDelayMs: 250 }, (page) => page.page.keyboard.press('p')),
  'large-64': chatter({ nodes: 64, topology: 'random', linkDelayMs: 300 }, (page) => page.page.keyboard.press('p')),
} satisfies Readonly<Record<string, Story>>
