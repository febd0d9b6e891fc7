/** Chooses the panel beside the stage: the inspector, the lessons, or a scenario. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import { readText } from '../../shared/text/text-file.ts'
import type { FileKind } from './files/files.ts'

export type Side =
  | { readonly kind: 'inspector' }
  | { readonly kind: 'lessons' }
  | { readonly kind: 'scenario'; readonly file: ScenarioFile }

export interface ScenarioFile {
  readonly name: string
  readonly text: string
}

export type SideStore = StoreApi<Side>

export const createSide = (): SideStore => createStore<Side>(() => ({ kind: 'inspector' }))

/** Maximum size of a scenario file in bytes: the longest allowed scenario is far shorter. */
const MAX_SCENARIO_BYTES = 4_000_000

/** Recognizes scenarios among the files that are opened on the page: by their names, or by their first line. */
export const scenarioFiles = (side: SideStore): FileKind => ({
  name: 'a scenario',
  fits: (firstLine, fileName) =>
    /\.(scenario|input|txt)$/i.test(fileName) || /^\s*(#|\d+ \w|(network|until|set|link|delay) )/.test(firstLine),
  async open(file) {
    if (file.size > MAX_SCENARIO_BYTES) return { words: 'it is too large for a scenario. Split it into several files' }
    const read = readText(new Uint8Array(await file.arrayBuffer()))
    if (!read.ok) return { words: `line ${read.line}, column ${read.column}: ${read.error}` }
    side.setState({ kind: 'scenario', file: { name: file.name, text: read.text } }, true)
    return null
  },
})
