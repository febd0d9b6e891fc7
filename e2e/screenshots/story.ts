/** The subject of a picture: a network, its past, the selection, and simultaneous events. */
import type { Browser, Page } from 'playwright-core'
import type { LabOptions, TestLab } from '../../server/test-support/lab-process.ts'
import type { LabPage } from '../support/lab-page.ts'

export interface Story {
  readonly lab: LabOptions
  /** Runs once, before any page is open. */
  prepare(lab: TestLab, browser: Browser): Promise<void>
  /** Address of the page, if it is not the lab's. */
  address?(lab: TestLab): string
  /** Runs before a page loads: the messages that it will get. */
  meet?(page: Page): Promise<void>
  /** Resolves when the page is ready; the default is when its nodes are there. */
  arrive?(page: LabPage): Promise<void>
  /** Runs on each page: selects or opens something. */
  choose(page: LabPage): Promise<void>
  /** Runs just before the pictures, so that datagrams are in flight. */
  act(lab: TestLab): Promise<void>
  /** Resolves when the page shows it. */
  sees(page: LabPage): Promise<void>
  /** Whether lines in the browser's console belong to the story. */
  readonly complains?: true
  /** Whether the pages change the lab: then they run one after the other. */
  readonly inTurn?: true
}

const nothing = async () => {}

/** A story of which only some parts are taken. */
export const story = (lab: LabOptions, parts: Partial<Omit<Story, 'lab'>>): Story => ({
  lab,
  prepare: nothing,
  choose: nothing,
  act: nothing,
  sees: nothing,
  ...parts,
})

/** Resolves when every running node has every message. */
export const settled = (lab: TestLab, count: number) =>
  lab.waitFor(
    ({ nodes, messages }) =>
      messages.length === count && nodes.every((node) => node.status !== 'running' || node.messages === count),
  )

/** Sends one message after the other, each when the one before is everywhere. */
export async function sayInTurn(lab: TestLab, texts: readonly string[], speaker: (place: number) => number) {
  for (const [place, text] of texts.entries()) {
    await lab.command(`${speaker(place)} msg 1 ${text}`)
    await settled(lab, place + 1)
  }
}

/** Crashes a node, so that its copies are lost, and waits until the lab has noticed. */
export async function crash(lab: TestLab, id: number) {
  await lab.command(`${id} crash`)
  await lab.waitFor(({ nodes }) => nodes[id]?.status === 'crashed')
}

export const WORDS =
  'rumor status coin fanout window epoch gossip digest ping pong seed hop echo tick tock relay'.split(' ')

/** A network with a few messages, and another one just before the pictures. */
export function chatter(lab: LabOptions & { readonly nodes: number }, choose: Story['choose'] = nothing): Story {
  const SAID = 6
  return story(lab, {
    prepare: (running) => sayInTurn(running, WORDS.slice(0, SAID), (place) => (place * 3) % lab.nodes),
    choose,
    act: async (running) => void (await running.command(`${(SAID * 5) % lab.nodes} msg 1 ${WORDS[SAID]}`)),
    sees: async ({ page }) => void (await page.locator(`[aria-rowcount="${SAID + 2}"]`).waitFor()),
  })
}

export const ring = { nodes: 8, topology: 'ring', linkDelayMs: 250 }
