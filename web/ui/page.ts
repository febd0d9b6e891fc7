/** The parts of the page that its views read and act through, and the hooks that return them. */
import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { By } from '../../shared/wire/protocol.ts'
import type { Place } from '../store/address.ts'
import type { ClassStore } from '../store/classroom.ts'
import type { Files } from '../store/files/files.ts'
import type { Follower } from '../store/follow.ts'
import type { KnownStore } from '../store/known.ts'
import type { LiveClient, Reply } from '../store/live/connection.ts'
import type { FrameLoop } from '../store/live/frames.ts'
import type { OpenLessonStore } from '../store/open-lesson.ts'
import type { Player } from '../store/player.ts'
import { type ProjectorStore, zoomOf } from '../store/projector.ts'
import type { SideStore } from '../store/side.ts'
import type { SplitStore } from '../store/split.ts'
import type { PageState, PageStore } from '../store/store.ts'
import { FORCED_COLOURS, MORE_CONTRAST, type ThemeStore } from '../store/theme.ts'
import type { Undo } from '../store/undo/undo.ts'
import { useMedia } from './use-media.ts'

export interface Page {
  readonly store: PageStore
  readonly theme: ThemeStore
  readonly projector: ProjectorStore
  /** The stage's share of the height. */
  readonly split: SplitStore
  /** Signs and steps that this browser has explained. */
  readonly known: KnownStore
  /** The panel beside the stage. */
  readonly side: SideStore
  readonly lesson: OpenLessonStore
  readonly undo: Undo
  readonly frames: FrameLoop
  /** Paints the datagrams of the stage on a canvas, in so many pixels a px; null while there is no stage. */
  readonly easel: { paint: ((canvas: HTMLCanvasElement, ratio: number) => void) | null }
  readonly player: Player
  /** Null if there is no lab behind the page: it was saved as a file. */
  readonly client: LiveClient | null
  /** Goes on from an instant of a saved recording in simulation, in ms of the lab; null without a simulator. */
  readonly goOn: ((at: number) => void) | null
  /** Whether the lab runs in the page: nobody can join it, and its clock waits for people. */
  readonly isAlone: boolean
  /** Returns the hash of an address that leads there. */
  addressOf(place: Place): string
  readonly files: Files
  readonly classroom: ClassStore
  readonly follower: Follower
  /** Fetches the past from an instant of the lab on, in ms, as far as available. */
  fetchPast(from: number): Promise<void>
  /**
   * Sends commands one after the other, up to the first refusal. Resolves with the reply to the last one sent. Reports
   * every failure in the console.
   */
  act(lines: string | readonly string[], by?: By): Promise<Reply>
}

export const PageContext = createContext<Page | null>(null)

export function usePage(): Page {
  const page = useContext(PageContext)
  if (!page) throw new Error('usePage() needs a PageContext around the view')
  return page
}

export function usePageState<Slice>(pick: (state: PageState) => Slice): Slice {
  return useStore(usePage().store, pick)
}

/** Returns whether this page's person may act: everybody but viewers. */
export const useMayAct = (): boolean => useStore(usePage().classroom, ({ role }) => role !== 'viewer')

/** The same if there is a lab to act on: nobody acts in a recording. */
export function useMayActHere(): boolean {
  const recorded = usePageState(({ recording }) => recording !== null)
  return useMayAct() && !recorded
}

/** Returns whether the nodes on screen are simulated. */
export const useIsSimulated = (): boolean => usePageState(({ lab }) => lab.settings?.simulated === true)

/** Scale of everything on the page. */
export const useZoom = (): number => zoomOf(useStore(usePage().projector))

/** Identifies the colours on screen: readers of the style sheet read it again when it changes. */
export function useLook(): string {
  const { theme, projector } = usePage()
  return [useStore(theme), useStore(projector), useMedia(MORE_CONTRAST), useMedia(FORCED_COLOURS)].join(' ')
}
