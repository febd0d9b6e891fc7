/** Who this page's person is in the class, and whom they follow. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Role } from '../../shared/wire/protocol.ts'

export interface ClassState {
  /** As the lab said last; null before it has. */
  readonly role: Role | null
  /** For the presenter: how many watch. */
  readonly viewers: number
  /** For a viewer: the page does as the presenter's does. */
  readonly following: boolean
  /** The address held a key, and it was not this lab's. */
  readonly keyRefused: boolean
}

export type ClassStore = StoreApi<ClassState>

export const createClass = (): ClassStore =>
  createStore(() => ({ role: null, viewers: 0, following: true, keyRefused: false }))
