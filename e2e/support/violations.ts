import { AxeBuilder } from '@axe-core/playwright'
import { expect } from 'vitest'
import type { LabPage } from './lab-page.ts'

/** Expects that axe-core finds nothing on the page in its present state. */
export function expectNoViolation({ page }: LabPage, what?: string): Promise<void> {
  // In the page itself: there are no foreign frames, for which each analysis would need a further page.
  return expectNone(new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] }), what)
}

/** Expects that this analysis finds nothing, and otherwise names the rule and the elements. */
export async function expectNone(axe: AxeBuilder, what?: string): Promise<void> {
  // Text that fades in has too little contrast on its way.
  const found = async () => {
    const { violations } = await axe.analyze()
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
  }
  await expect.poll(found, { ...(what !== undefined && { message: what }) }).toEqual([])
}
