/** A class: the presenter's invitation, and a viewer's page that follows, looks around, and writes. */
import type { Browser } from 'playwright-core'
import type { TestLab } from '../../server/test-support/lab-process.ts'
import { LabPage } from '../support/lab-page.ts'
import { ring, type Story, sayInTurn, story, WORDS } from './story.ts'
import { dialog } from './views.ts'

const open = { ...ring, args: ['--host', '0.0.0.0', '--no-open'] }
const keyed = ({ url, key }: TestLab) => `${url}/#key=${key}`

/** In a classroom with some messages; the presenter has selected a node. */
function inClass(before: readonly string[], parts: Partial<Story>): Story {
  const SAID = 4
  return story(open, {
    async prepare(lab: TestLab, browser: Browser) {
      await sayInTurn(lab, WORDS.slice(0, SAID), (place) => (place * 3) % open.nodes)
      for (const line of before) await lab.command(line)
      const presenter = await LabPage.open(browser, keyed(lab))
      await presenter.select(6)
    },
    act: async (lab) => void (await lab.command(`2 msg 1 ${WORDS[SAID]}`)),
    sees: async ({ page }) => void (await page.locator(`[aria-rowcount="${SAID + 2}"]`).waitFor()),
    ...parts,
  })
}

export const CLASS = {
  'viewer-following': inClass([], {
    choose: ({ page }) => page.getByRole('region', { name: 'Node 6', exact: true }).waitFor(),
  }),
  'viewer-alone': inClass([], { choose: async (page) => void (await page.select(1)) }),
  'viewer-chat': inClass(['viewers may chat'], {
    async choose({ page }) {
      await page.getByRole('textbox', { name: 'Your name' }).fill('Ada')
      await page.getByRole('textbox', { name: 'Message text' }).fill('it works')
    },
  }),
  'dialog-invite': inClass(['viewers may chat'], {
    address: keyed,
    async choose(page) {
      await dialog(/^Invite/)(page)
      await page.page.getByRole('img', { name: /^QR code/ }).waitFor()
    },
  }),
} satisfies Readonly<Record<string, Story>>
