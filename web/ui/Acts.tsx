/**
 * What acts on the lab stands in here: viewers do not get to see it, nor does anybody in a recording, where it could do
 * nothing. (That a viewer's would do nothing, the lab sees to.)
 */
import type { ReactNode } from 'react'
import { useMayActHere } from './page.ts'

export function Acts({ children }: { readonly children: ReactNode }) {
  return useMayActHere() ? children : null
}
