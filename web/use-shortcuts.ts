/** Keys that work anywhere on the page, except while somebody types. */
import { useEffect } from 'react'
import type { DialogName } from './App.tsx'
import { type Page, usePage } from './page.ts'
import { isGateClosed } from './panels/held.ts'
import { crashLine, holdLine, restartLine, STEP_LINE } from './panels/lines.ts'
import type { Selection } from './store/store.ts'
import { ZOOM_STEP, zoom } from './timeline/zoom.ts'

export const SHORTCUTS: readonly { readonly keys: string; readonly does: string }[] = [
  { keys: '0 … 9', does: 'select that node; two digits in a row for 10 and above' },
  { keys: '↑ ↓ ← →', does: 'from node to node, or from link to link' },
  { keys: 'm', does: 'write a message to the selected node' },
  { keys: 'l', does: 'ask the selected node for its chat log' },
  { keys: 'x', does: 'crash the selected node' },
  { keys: 'r', does: 'restart the selected node' },
  { keys: 'd', does: 'select the latest datagram; again for the one before' },
  { keys: 'h', does: 'hold datagrams at the gates, or let them all go' },
  { keys: 's', does: 'step: deliver the oldest that is held' },
  { keys: '+ −', does: 'space-time: show less or more at once' },
  { keys: '/', does: 'write a command' },
  { keys: 'n', does: 'a new network' },
  { keys: 'i', does: 'invite viewers' },
  { keys: 'f', does: 'the stage on the full screen' },
  { keys: 't', does: 'light or dark' },
  { keys: 'p', does: 'larger and with more contrast, for a projector' },
  { keys: 'PgDn PgUp', does: 'in a lesson: on, and back, as presentation remotes send them' },
  { keys: 'Esc', does: 'select nothing; leave the full screen' },
  { keys: '?', does: 'this help' },
]

interface Actions {
  readonly openDialog: (name: DialogName) => void
  readonly toggleFullScreen: () => void
}

/** Digits that follow each other within this time are one number, in ms. */
const SAME_NUMBER_MS = 700

export function useShortcuts({ openDialog, toggleFullScreen }: Actions) {
  const page = usePage()
  useEffect(() => {
    let digits = { text: '', at: Number.NEGATIVE_INFINITY }
    function onKey(event: KeyboardEvent) {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (/^\d$/.test(event.key)) {
        const both = digits.text + event.key
        const isOne = event.timeStamp - digits.at < SAME_NUMBER_MS && page.store.getState().lab.nodes[Number(both)]
        const text = isOne ? both : event.key
        digits = { text, at: event.timeStamp }
        selectNode(page, Number(text))
      } else if (!act(event.key)) return
      event.preventDefault()
    }
    function act(key: string): boolean {
      switch (key) {
        case '?':
          openDialog('help')
          return true
        case 'n':
          if (page.classroom.getState().role === 'viewer') return false
          openDialog('network')
          return true
        case 'f':
          toggleFullScreen()
          return true
        case 'i':
          if (page.classroom.getState().role === 'viewer') return false
          openDialog('invite')
          return true
        case 't':
          page.theme.toggle()
          return true
        case 'p':
          page.projector.toggle()
          return true
        default:
          return actOnSelection(page, key)
      }
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [page, openDialog, toggleFullScreen])
}

/** Also while a dialog is open: its keys are its own. */
export const isTyping = (target: EventTarget | null) =>
  target instanceof Element && target.closest('input, textarea, select, [contenteditable], [role="dialog"]') !== null

function actOnSelection(page: Page, key: string): boolean {
  const { store, act } = page
  const { selection, lab } = store.getState()
  const node = selection?.kind === 'node' ? lab.nodes[selection.id] : undefined
  switch (key) {
    case 'Escape':
      store.select(null)
      store.point(null)
      return selection !== null
    case '/':
      return focus('Command')
    case 'd':
      return selectDatagram(store, selection)
    case 'h':
      void act(holdLine(!isGateClosed(lab)))
      return true
    case '+':
    case '-':
      zoom(page, key === '+' ? 1 / ZOOM_STEP : ZOOM_STEP)
      return true
    case 's':
      if (Object.keys(lab.held).length > 0) void act(STEP_LINE)
      return true
    case 'm':
      return focus('Message text')
    case 'l':
      if (node?.status === 'running') void act(`${node.id} get chatLog`)
      return node !== undefined
    case 'x':
      if (node?.status === 'running') void act(crashLine(node))
      return node !== undefined
    case 'r':
      if (node && lab.settings && node.status !== 'running') void act(restartLine(node, lab.settings))
      return node !== undefined
    default:
      return false
  }
}

function selectNode({ store }: Page, id: number) {
  if (!store.getState().lab.nodes[id]) return
  store.select({ kind: 'node', id })
  document.querySelector<SVGElement>(`[data-node="${id}"]`)?.focus()
}

function selectDatagram({ select, trace }: Page['store'], selection: Selection | null): boolean {
  const current = selection?.kind === 'datagram' ? trace.arrows.findIndex(({ arrow }) => arrow === selection.arrow) : -1
  const next = current > 0 ? trace.arrows[current - 1] : trace.arrows.at(-1)
  if (next) select({ kind: 'datagram', arrow: next.arrow })
  return true
}

function focus(label: string): boolean {
  const field = document.querySelector<HTMLInputElement>(`input[aria-label="${label}"]`)
  field?.focus()
  return field !== null
}
