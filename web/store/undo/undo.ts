/**
 * Offers to undo what a command of this page destroyed. The tab remembers the offers, so that a reload keeps them. The
 * command parser loads only when there is something to undo.
 */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { LabState } from '../../../shared/model/lab-state.ts'
import type { By } from '../../../shared/wire/protocol.ts'
import type { Reply } from '../live/connection.ts'
import { createMemory } from '../memory.ts'
import type { Arrangement } from './arrangement.ts'
import type { Offer } from './offer.ts'

export interface UndoState {
  /** At most one offer of a kind, the latest first: a fault does not remove the offer of the previous network. */
  readonly offers: readonly Offer[]
  /** Reason why the last offer could not be carried out; null when it was, or nobody tried. */
  readonly error: string | null
  /** The previous network whose notice was shown for long enough: from then on the network's settings offer it. */
  readonly folded: Offer | null
}

export interface Undo extends StoreApi<UndoState> {
  /** Takes lines that were carried out one after the other in a lab that was `before`. */
  did(lines: readonly string[], by: By, before: LabState): Promise<void>
  /** Returns whether any of these may be undone. */
  concerns(lines: readonly string[], by: By): boolean
  /** Notes that a scenario runs, or none does: whatever networks it makes, the offer is the network of before it. */
  runs(before: Arrangement | null): void
  /** Offers an earlier network, as at the end of a lesson. */
  offerNetwork(before: Arrangement): Promise<void>
  /** Carries out an offer. Its own effects can be undone in turn. */
  undo(offer: Offer): Promise<void>
  /**
   * Ends the notice: a fault is no longer offered; the previous network from now on only with the settings of the
   * network.
   */
  dismiss(offer: Offer): void
  /** Returns the offers that may be undone now, the latest first. */
  allowed(state: UndoState): readonly Offer[]
  /**
   * Notes the event that began the newest network: changes of the previous one cannot be undone in it. 0 if unknown.
   */
  newestNetwork(event: number): void
  /** Sets the lab: offers that an earlier page made in it are offered again, and none of another one. */
  joined(lab: string): void
}

interface UndoOptions {
  /** The lab as of the newest event that has come. */
  readonly now: () => LabState
  readonly act: (lines: readonly string[]) => Promise<Reply>
  /** While a lesson runs, leaving it offers the network of before, and no other network is offered. */
  readonly isLessonOpen: () => boolean
}

/** The first words of commands that may be undone. */
const UNDOABLE = /^(network|link|heal|node|delay|set|key|exit|\d+ signal)\b/
const NETWORK = /^network\b/

const loadOffers = () => import('./offers.ts')

export function createUndo({ now, act, isLessonOpen }: UndoOptions): Undo {
  const memory = createMemory<{ readonly lab: string; readonly offers: readonly Offer[] }>('undo')
  const store = createStore<UndoState>(() => ({ offers: [], error: null, folded: null }))
  let lab: string | null = null
  let running: Arrangement | null = null
  /** While a scenario runs, the network is offered once: the scenario may make several networks. */
  let isOffered = false
  const undoing = new Set<Offer>()
  /** Number of the event that began the newest network; 0 if unknown. */
  let network = 0

  function set(offers: readonly Offer[]) {
    store.setState({ offers, error: null })
    memory.write(offers.length === 0 || lab === null ? null : { lab, offers })
  }
  /**
   * Actions may end in another order than they began, as when a fault is made while an undo runs: the one that began
   * last is offered. A network removes the faults of the one before.
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
      if (!concerns(lines, by) || (isLessonOpen() && lines.some((line) => NETWORK.test(line)))) return
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
    allowed: ({ offers }) => offers.filter(({ kind }) => kind !== 'network' || !isLessonOpen()),
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
