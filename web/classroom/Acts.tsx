/** What acts on the lab stands in here: viewers do not get to see it. (That it would do nothing, the lab sees to.) */
import type { ReactNode } from 'react'
import { useMayAct } from '../page.ts'

export function Acts({ children }: { readonly children: ReactNode }) {
  return useMayAct() ? children : null
}
