import { AxeBuilder } from '@axe-core/playwright'
import { expect } from 'vitest'
import type { LabPage } from './lab-page.ts'

/** Expects that axe-core finds nothing on the page as it stands. */
export function expectNoViolation({ page }: LabPage, what?: string): Promise<void> {
  // In the page itself: there are no frames of others to look into, which takes a page more for each look.
  return expectNone(new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] }), what)
}

/** Expects that this analysis finds nothing, and names the rule and the elements where it does. */
export async function expectNone(axe: AxeBuilder, what?: string): Promise<void> {
  // Text that fades in has too little contrast on its way.
  const found = async () => {
    const { violations } = await axe.analyze()
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
  }
  await expect.poll(found, { ...(what !== undefined && { message: what }) }).toEqual([])
}
