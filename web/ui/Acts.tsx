/** Shows controls that act on the lab: not to viewers, whom the lab refuses anyway, and not in a recording. */
import type { ReactNode } from 'react'
import { useMayActHere } from './page.ts'

export function Acts({ children }: { readonly children: ReactNode }) {
  return useMayActHere() ? children : null
}
