/** The role of this page's person in the class, and whom they follow. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Role } from '../../shared/wire/protocol.ts'

export interface ClassState {
  /** The role that the lab last reported; null before that. */
  readonly role: Role | null
  /** For the presenter: the number of viewers. */
  readonly viewers: number
  /** For a viewer: whether the page follows the presenter's. */
  readonly following: boolean
  /** Whether the address contained a key that was not this lab's. */
  readonly keyRefused: boolean
}

export type ClassStore = StoreApi<ClassState>

export const createClass = (): ClassStore =>
  createStore(() => ({ role: null, viewers: 0, following: true, keyRefused: false }))
