/**
 * Handles keys that work anywhere on the page, except while somebody types. A key alone only changes the view: a word
 * typed in the wrong place does no harm. Keys that change the lab take Alt.
 */
import { useEffect } from 'react'
import { holdLines } from '../model/held.ts'
import { chatLogLine, crashLine, restartLine, STEP_LINE } from '../model/lines.ts'
import type { Selection } from '../model/selection.ts'
import { ZOOM_STEP, zoom } from '../store/zoom.ts'
import { altLetterOf, isKeyTaken } from '../ui/keys.ts'
import { focusNode, writeToNode } from '../ui/message-field.ts'
import { type Page, usePage } from '../ui/page.ts'
import type { DialogName } from './dialog-name.ts'

export interface Shortcut {
  readonly keys: string
  readonly does: string
}

export const SHORTCUTS: readonly Shortcut[] = [
  { keys: '0 … 9', does: 'select that node; type two digits for 10 and above' },
  { keys: '↑ ↓ ← →', does: 'move from node to node, or from link to link' },
  { keys: 'Enter', does: 'on a node: write a message to it; Esc returns to the node' },
  { keys: 'd', does: 'select the latest datagram; press again for the one before' },
  { keys: '+ −', does: 'space-time: zoom in or out' },
  { keys: '/', does: 'type a command' },
  { keys: 'f', does: 'full-screen stage' },
  { keys: 't', does: 'light or dark' },
  { keys: 'p', does: 'projector mode' },
  { keys: 'Esc', does: 'select nothing; leave the full screen' },
  { keys: '?', does: 'show this help' },
]

export const INVITE_KEYS = 'Alt I'
export const ACTING_SHORTCUTS: readonly Shortcut[] = [
  { keys: 'Alt M', does: 'write a message to the selected node' },
  { keys: 'Alt L', does: 'print the chat log of the selected node' },
  { keys: 'Alt X', does: 'crash the selected node' },
  { keys: 'Alt R', does: 'restart the selected node' },
  { keys: 'Alt H', does: 'hold datagrams and timers, or release both' },
  { keys: 'Alt S', does: 'step: deliver the oldest held datagram' },
  { keys: 'Alt N', does: 'start a new network' },
  { keys: 'Alt Z', does: 'undo the last new network or fault, while Undo is offered' },
  { keys: INVITE_KEYS, does: 'invite viewers' },
  { keys: 'PgDn PgUp', does: 'in an open lesson: forward and back, as presentation remotes send them' },
]

interface Actions {
  readonly openDialog: (name: DialogName) => void
  readonly toggleFullScreen: () => void
}

/** Digits that follow each other within this time are one number, in ms. */
const SAME_NUMBER_MS = 700

export function useShortcuts(actions: Actions) {
  const page = usePage()
  const { openDialog, toggleFullScreen } = actions
  useEffect(() => {
    let digits = { text: '', at: Number.NEGATIVE_INFINITY }
    function onKey(event: KeyboardEvent) {
      if (event.defaultPrevented || inDialog(event.target)) return
      const letter = altLetterOf(event)
      if (letter !== null) {
        // Key repeat causes no further action.
        if (!event.repeat && act(page, letter, openDialog)) event.preventDefault()
        return
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isKeyTaken(event)) return
      if (/^\d$/.test(event.key)) {
        const both = digits.text + event.key
        const isOne = event.timeStamp - digits.at < SAME_NUMBER_MS && page.store.getState().lab.nodes[Number(both)]
        const text = isOne ? both : event.key
        digits = { text, at: event.timeStamp }
        goToNode(page, Number(text))
      } else if (!look(page, event.key, { openDialog, toggleFullScreen })) return
      event.preventDefault()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [page, openDialog, toggleFullScreen])
}

const inDialog = (target: EventTarget | null) => target instanceof Element && target.closest('[role="dialog"]') !== null

/** Changes nothing in the lab. */
function look(page: Page, key: string, { openDialog, toggleFullScreen }: Actions): boolean {
  const { store } = page
  const { selection } = store.getState()
  switch (key) {
    case '?':
      if (!page.client) return false
      openDialog('help')
      return true
    case 'f':
      toggleFullScreen()
      return true
    case 't':
      page.theme.toggle()
      return true
    case 'p':
      page.projector.toggle()
      return true
    case 'd':
      return selectDatagram(store, selection)
    case '+':
    case '-':
      zoom(page, key === '+' ? 1 / ZOOM_STEP : ZOOM_STEP)
      return true
    case '/': {
      const console = document.querySelector<HTMLInputElement>('input[data-command-line]')
      console?.focus()
      return console !== null
    }
    case 'Escape':
      store.select(null)
      store.point(null)
      return selection !== null
    default:
      return false
  }
}

/** Handles a letter with Alt. Returns false if it has no action, or none that this person may use. */
function act(page: Page, letter: string, openDialog: Actions['openDialog']): boolean {
  if (!page.client || page.classroom.getState().role === 'viewer') return false
  const { lab } = page.store.getState()
  switch (letter) {
    case 'n':
      openDialog('network')
      return true
    case 'i':
      if (!page.isAlone) openDialog('invite')
      return !page.isAlone
    case 'h':
      void page.act(holdLines(lab))
      return true
    case 'z': {
      const undo = document.querySelector<HTMLButtonElement>('button[aria-keyshortcuts="Alt+Z"]')
      undo?.click()
      return undo !== null
    }
    case 's':
      if (Object.keys(lab.held).length > 0) void page.act(STEP_LINE)
      return true
    default:
      return actOnNode(page, letter)
  }
}

function actOnNode({ store, act }: Page, letter: string): boolean {
  const { selection, lab } = store.getState()
  const node = selection?.kind === 'node' ? lab.nodes[selection.id] : undefined
  if (!node) return false
  switch (letter) {
    case 'm':
      return writeToNode(store, node.id)
    case 'l':
      if (node.status === 'running') void act(chatLogLine(node))
      return true
    case 'x':
      // Its field vanishes with it.
      focusNode(node.id)
      if (node.status === 'running') void act(crashLine(node))
      return true
    case 'r':
      if (lab.settings && node.status !== 'running') void act(restartLine(node, lab.settings))
      return true
    default:
      return false
  }
}

function goToNode({ store }: Page, id: number) {
  if (!store.getState().lab.nodes[id]) return
  store.select({ kind: 'node', id })
  focusNode(id)
}

function selectDatagram({ select, trace }: Page['store'], selection: Selection | null): boolean {
  const current = selection?.kind === 'datagram' ? trace.datagrams.findIndex(({ id }) => id === selection.id) : -1
  const next = current > 0 ? trace.datagrams[current - 1] : trace.datagrams.at(-1)
  if (next) select({ kind: 'datagram', id: next.id })
  return true
}
