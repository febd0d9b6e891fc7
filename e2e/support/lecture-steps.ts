/** Takes the steps of a lecture as a hall sees them: each is in sight before the next one. */
import type { Locator } from 'playwright-core'
import { expectInSight } from './in-sight.ts'
import type { LabPage } from './lab-page.ts'
import { drawn } from './settled.ts'
import { takeStepPicture } from './step-picture.ts'

const TURN_PX = 60
const MOST_TURNS = 30

/** Expects the stage, the time and these parts of the page in sight, and takes a picture. */
export type SeeStep = (step: string, ...parts: readonly Locator[]) => Promise<void>

/** A wheel scrolls a long panel beside the stage; nothing else may be out of sight. */
export function seeSteps({ page }: LabPage): SeeStep {
  let number = 0
  const picture = (step: string) => {
    number += 1
    return takeStepPicture(page, `${String(number).padStart(3, '0')} ${step.replaceAll(/[^\w ]/g, '')}`)
  }
  return async (step, ...parts) => {
    await expectInSight(page.locator('[data-node]'), step)
    await expectInSight(page.getByRole('slider', { name: 'Instant shown' }), step)
    await picture(step)
    for (const part of parts) {
      // Most are in sight at once.
      const beside = (await part.evaluateAll(areFurtherDown)) ? await part.all() : [part]
      for (const one of beside) {
        if (await wheelTo(one)) await picture(step)
        await expectInSight(one, step)
      }
    }
  }
}

/** Turns the wheel over the panel until this part of it is in sight. Returns whether that was needed. */
async function wheelTo(part: Locator): Promise<boolean> {
  const page = part.page()
  if (!(await part.evaluateAll(areFurtherDown))) return false
  await page.locator('aside').hover()
  for (let turn = 0; turn < MOST_TURNS && (await part.evaluateAll(areFurtherDown)); turn += 1) {
    await page.mouse.wheel(0, TURN_PX)
    await drawn(page)
  }
  return true
}

/**
 * In the page: returns whether an element is in the panel, with its last line below the edge or behind the buttons at
 * the panel's foot.
 */
function areFurtherDown(elements: readonly Element[]): boolean {
  return elements.some((element) => {
    if (element.closest('aside') === null) return false
    const { left, right, bottom } = element.getBoundingClientRect()
    const over = document.elementFromPoint((left + right) / 2, bottom - 2)
    return over === null || !(element.contains(over) || over.contains(element))
  })
}
