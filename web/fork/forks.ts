/** Keeps the forks of this page: a small tree, in which a fork of a fork is below it. */
import { createStore } from 'zustand/vanilla'
import type { Run } from '../model/compare-runs.ts'
import type { LabHeader } from '../store/store.ts'
import type { ForkRun } from './run-fork.ts'

export interface Fork {
  readonly name: string
  /** The lab that was forked. */
  readonly parent: string
  readonly header: LabHeader
  /** Begin and end of both runs, in ms of the lab. */
  readonly at: number
  readonly until: number
  readonly run: ForkRun
  /** The other future: recorded, or simulated. */
  readonly other: Run
}

/** Maximum number of forks that a page keeps; the oldest is forgotten. */
const MAX_FORKS = 20

interface Forks {
  readonly forks: readonly Fork[]
  /** The fork on screen. */
  readonly chosen: Fork | null
}

export const forkStore = createStore<Forks>(() => ({ forks: [], chosen: null }))

export function addFork(fork: Fork) {
  forkStore.setState(({ forks }) => ({ forks: [...forks, fork].slice(-MAX_FORKS), chosen: fork }))
}

export function renameFork(fork: Fork, name: string) {
  const renamed = { ...fork, name }
  forkStore.setState(({ forks }) => ({ forks: forks.map((one) => (one === fork ? renamed : one)), chosen: renamed }))
}

export interface Branch {
  readonly fork: Fork
  /** 0 for a fork of a lab that is no fork itself. */
  readonly depth: number
}

/** Returns the forks, each before its own ones. */
export function treeOf(forks: readonly Fork[]): Branch[] {
  const labs = new Set(forks.map(({ run }) => run.lab))
  const below = (parent: string, depth: number): Branch[] =>
    forks
      .filter((fork) => fork.parent === parent)
      .flatMap((fork) => [{ fork, depth }, ...below(fork.run.lab, depth + 1)])
  const roots = forks.filter(({ parent }) => !labs.has(parent))
  return roots.flatMap((fork) => [{ fork, depth: 0 }, ...below(fork.run.lab, 1)])
}
