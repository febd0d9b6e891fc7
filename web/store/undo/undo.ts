/**
 * The way back from what a command of this page destroyed, remembered by the tab, so that a reload does not take it away.
 * The command language is loaded only when there is something to undo.
 */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { LabState } from '../../../shared/model/lab-state.ts'
import type { By } from '../../../shared/wire/protocol.ts'
import type { Reply } from '../live/connection.ts'
import { createMemory } from '../memory.ts'
import type { Arrangement } from './arrangement.ts'
import type { Offer } from './offer.ts'

export interface UndoState {
  /** One of a kind, the latest first: a fault does not take the network of before away. */
  readonly offers: readonly Offer[]
  /** Why what was offered last could not be done; null when it was, or nobody tried. */
  readonly error: string | null
  /** The network of before whose notice was shown for long enough: from then on it is offered with the network's settings. */
  readonly folded: Offer | null
}

export interface Undo extends StoreApi<UndoState> {
  /** Lines were carried out one after the other in a lab that was `before`. */
  did(lines: readonly string[], by: By, before: LabState): Promise<void>
  /** Whether any of these may be undone. */
  concerns(lines: readonly string[], by: By): boolean
  /** A scenario runs, or none does: whatever networks it makes, the network of before it is the one to go back to. */
  runs(before: Arrangement | null): void
  /** Offers a network of before, as at the end of a lesson. */
  offerNetwork(before: Arrangement): Promise<void>
  /** Does what is offered. What that destroys can be undone in turn. */
  undo(offer: Offer): Promise<void>
  /** Offers a fault no more; a network of before from now on only with the settings of the network. */
  dismiss(offer: Offer): void
  /** Returns the offers that may be undone now, the latest first. */
  allowed(state: UndoState): readonly Offer[]
  /**
   * The newest network began with that event, whoever made it: what was done to the one before cannot be undone in it. 0
   * where nobody knows.
   */
  newestNetwork(event: number): void
  /** The lab is this one: what a page before this one offered in it is offered again, and nothing of another one is. */
  joined(lab: string): void
}

interface UndoOptions {
  /** The lab as of the newest event that has come. */
  readonly now: () => LabState
  readonly act: (lines: readonly string[]) => Promise<Reply>
  /** While a lesson is held, leaving it offers the network of before, and no other network is offered. */
  readonly isLessonHeld: () => boolean
}

/** The first words of commands that may be undone. */
const UNDOABLE = /^(network|link|heal|node|delay|set|key|exit)\b/
const NETWORK = /^network\b/

const loadOffers = () => import('./offers.ts')

export function createUndo({ now, act, isLessonHeld }: UndoOptions): Undo {
  const memory = createMemory<{ readonly lab: string; readonly offers: readonly Offer[] }>('undo')
  const store = createStore<UndoState>(() => ({ offers: [], error: null, folded: null }))
  let lab: string | null = null
  let running: Arrangement | null = null
  /** While a scenario runs it is offered once: it may make several networks. */
  let isOffered = false
  const undoing = new Set<Offer>()
  /** Number of the event that began the newest network; 0 where nobody knows. */
  let network = 0

  function set(offers: readonly Offer[]) {
    store.setState({ offers, error: null })
    memory.write(offers.length === 0 || lab === null ? null : { lab, offers })
  }
  /**
   * Deeds end in another order than they began, as where a fault is made while an undo runs: the one that began last is
   * offered. A network takes the faults of the one before with it.
   */
  function add(offer: Offer) {
    const { offers } = store.getState()
    const changes = offers.filter(({ kind, after }) => kind === 'change' && after > offer.after)
    if (offer.kind === 'network') set([...changes.filter(isOfThisNetwork), offer])
    else if (changes.length === 0 && isOfThisNetwork(offer)) set([offer, ...offers.filter(isNetwork)])
  }
  const isNetwork = ({ kind }: Offer) => kind === 'network'
  const isOfThisNetwork = ({ after }: Offer) => after >= network
  const remove = (offer: Offer) => set(store.getState().offers.filter((other) => other !== offer))

  async function offerNetwork(before: Arrangement, after = now().last) {
    add((await loadOffers()).networkOffer(before, after))
  }

  function concerns(lines: readonly string[], by: By): boolean {
    // The faults of a scenario are part of its story.
    const undoable = by === 'scenario' ? NETWORK : UNDOABLE
    return lines.some((line) => undoable.test(line))
  }

  return {
    ...store,
    concerns,
    offerNetwork,
    runs(before) {
      isOffered &&= running === before
      running = before
    },
    async did(lines, by, before) {
      if (!concerns(lines, by) || (isLessonHeld() && lines.some((line) => NETWORK.test(line)))) return
      if (by === 'scenario' && running !== null) {
        if (!isOffered) await offerNetwork(running, before.last)
        isOffered = true
        return
      }
      const offer = (await loadOffers()).offerFor(lines, before)
      if (offer) add(offer)
    },
    async undo(offer) {
      if (undoing.has(offer)) return
      undoing.add(offer)
      try {
        const { linesOf } = await loadOffers()
        const reply = await act(linesOf(offer, now()))
        if (reply.ok) remove(offer)
        else store.setState({ error: reply.error })
      } finally {
        undoing.delete(offer)
      }
    },
    dismiss(offer) {
      if (offer.kind === 'network') store.setState({ folded: offer })
      else remove(offer)
    },
    allowed: ({ offers }) => offers.filter(({ kind }) => kind !== 'network' || !isLessonHeld()),
    newestNetwork(event) {
      network = event
      const { offers } = store.getState()
      const left = offers.filter((offer) => isNetwork(offer) || isOfThisNetwork(offer))
      if (left.length < offers.length) set(left)
    },
    joined(id) {
      if (lab === id) return
      lab = id
      isOffered = false
      network = 0
      const remembered = memory.read()
      store.setState({ offers: remembered?.lab === id ? remembered.offers : [], error: null, folded: null })
    },
  }
}
