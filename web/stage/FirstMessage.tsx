/** Prompts for a first message on a stage without events. Only on a first visit. */
import { type CSSProperties, type FormEvent, useEffect, useId, useState } from 'react'
import { useStore } from 'zustand'
import { nodeName } from '../../shared/model/names.ts'
import { messageLine } from '../model/lines.ts'
import { useMayActHere, usePage, usePageState } from '../ui/page.ts'
import { Refusal } from '../ui/Refusal.tsx'
import { Button, Field } from '../ui/ui.tsx'
import { useLine } from '../ui/use-line.ts'
import styles from './FirstMessage.module.css'

/** A shorter visit does not count, in ms of the person. */
const VISIT_MS = 30_000

/** The node of the prompt; null after a first visit, or after a message or a selection. */
export function useFirstNode(): number | null {
  const { known, side } = usePage()
  const [isFirstVisit] = useState(() => !known.getState().has('visit'))
  const mayAct = useMayActHere()
  const isInLesson = useStore(side, ({ kind }) => kind !== 'inspector')
  const isSelected = usePageState(({ selection }) => selection !== null)
  const isLive = usePageState(({ connection }) => connection.phase === 'live')
  const id = usePageState(({ lab: { nodes, messages } }) =>
    messages.length > 0 ? -1 : nodes.findIndex(({ status, ending }) => status === 'running' && !ending),
  )
  useEffect(() => {
    const timer = setTimeout(() => known.learn('visit'), VISIT_MS)
    return () => clearTimeout(timer)
  }, [known])
  return isFirstVisit && mayAct && isLive && !isInLesson && !isSelected && id !== -1 ? id : null
}

interface Props {
  readonly id: number
  /**
   * Over the views below, with the node right above it or not; over the title if there are none; null: in line with
   * them.
   */
  readonly at: { readonly x: number; readonly side: 'below node' | 'below' | 'above' } | null
}

/** Its width, and its left end relative to its node, in px. */
const BUBBLE = 545
const BUBBLE_LEFT = 64

/** The right end of the prompt below a node at `x`: the same line has a legend. In px. */
export const endOfBubble = (x: number, zoom: number): number => Math.max(0, x - BUBBLE_LEFT) + BUBBLE * zoom

export function FirstMessage({ id, at }: Props) {
  const { store, known } = usePage()
  const { send, error } = useLine()
  const [text, setText] = useState('hello')
  const field = useId()
  function say(event: FormEvent) {
    event.preventDefault()
    const { lab } = store.getState()
    const node = lab.nodes[id]
    if (!node || text.trim() === '') return
    known.learn('visit')
    void send(messageLine(node, text, lab))
  }
  const place = at ? ({ '--x': `${at.x}px` } as CSSProperties) : undefined
  return (
    <form className={styles.bubble} data-side={at?.side} style={place} onSubmit={say}>
      <label htmlFor={field}>Send {nodeName(id)} a message and watch it spread</label>
      <Field
        id={field}
        value={text}
        onFocus={({ target }) => target.select()}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={({ key, currentTarget }) => key === 'Escape' && currentTarget.blur()}
      />
      <Button type="submit">Send</Button>
      <Refusal error={error} />
    </form>
  )
}
