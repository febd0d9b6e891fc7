/** The subject of a picture: a network, its past, what somebody looks at, and what happens meanwhile. */
import type { Browser, Page } from 'playwright-core'
import type { LabOptions, TestLab } from '../../server/test-support/lab-process.ts'
import type { LabPage } from '../support/lab-page.ts'

export interface Story {
  readonly lab: LabOptions
  /** Once, before any page is open. */
  prepare(lab: TestLab, browser: Browser): Promise<void>
  /** Where the page is, if not where the lab is found. */
  address?(lab: TestLab): string
  /** Before a page is loaded: what it will get to hear. */
  meet?(page: Page): Promise<void>
  /** Resolves when the page has come; without it, when its nodes are there. */
  arrive?(page: LabPage): Promise<void>
  /** On each page: what is selected or open. */
  choose(page: LabPage): Promise<void>
  /** Just before the pictures, so that something is on its way. */
  act(lab: TestLab): Promise<void>
  /** Resolves when the page shows it. */
  sees(page: LabPage): Promise<void>
  /** The page's lines in the browser's console belong to the story. */
  readonly complains?: true
  /** The pages change the lab: one after the other. */
  readonly inTurn?: true
}

const nothing = async () => {}

/** A story of which only some parts are told. */
export const story = (lab: LabOptions, parts: Partial<Omit<Story, 'lab'>>): Story => ({
  lab,
  prepare: nothing,
  choose: nothing,
  act: nothing,
  sees: nothing,
  ...parts,
})

/** Everybody that runs holds everything. */
export const settled = (lab: TestLab, count: number) =>
  lab.waitFor(
    ({ nodes, messages }) =>
      messages.length === count && nodes.every((node) => node.status !== 'running' || node.messages === count),
  )

/** Says one thing after the other, each when the one before is everywhere. */
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

/** A network in which a few words are said, and another one just before the pictures. */
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
