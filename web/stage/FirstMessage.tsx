/** The first thing to do, on a stage on which nothing has happened: give a node a message. Only on a first visit. */
import { type CSSProperties, type FormEvent, useEffect, useId, useState } from 'react'
import { useStore } from 'zustand'
import { nodeName } from '../../shared/model/names.ts'
import { messageLine } from '../model/lines.ts'
import { useMayActHere, usePage, usePageState } from '../ui/page.ts'
import { Refusal } from '../ui/Refusal.tsx'
import { Button, Field } from '../ui/ui.tsx'
import { useLine } from '../ui/use-line.ts'
import styles from './FirstMessage.module.css'

/** A visit that lasted for less was none, in ms of the person. */
const VISIT_MS = 30_000

/** The node that is asked to say something; null where this is no first visit, or something has been said or chosen. */
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
  /** Over the views below, with the node right above it or not; over the title where there are none; null: in line with them. */
  readonly at: { readonly x: number; readonly side: 'below node' | 'below' | 'above' } | null
}

/** How wide it is, and how far left of its node it begins, in px. */
const BUBBLE = 545
const BUBBLE_LEFT = 64

/** Where it ends that stands below a node at `x`: the same line has a legend. In px. */
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
      <label htmlFor={field}>Give {nodeName(id)} a message and watch it spread</label>
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
