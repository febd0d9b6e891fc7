/**
 * Divides the height between the stage and the views below it: by pointer, by arrow keys, and back by a double click.
 */
import type { KeyboardEvent, PointerEvent } from 'react'
import type { Split } from './use-split.ts'
import styles from './Views.module.css'

interface Props {
  /** Present height of the stage, and the total height, in px. */
  readonly stage: number
  readonly room: number
  readonly split: Split
}

/** Share of one press of an arrow key; and the minimum share of either side. */
const STEP = 0.04
const LEAST = 0.15
const MOST = 0.9

export function Splitter({ stage, room, split }: Props) {
  const share = Math.min(MOST, Math.max(LEAST, stage / Math.max(1, room)))
  const move = (to: number) => split.move(Math.min(MOST, Math.max(LEAST, to)))

  function onPointerDown(event: PointerEvent<HTMLHRElement>) {
    if (event.button !== 0) return
    event.preventDefault()
    const handle = event.currentTarget
    const from = event.clientY
    handle.setPointerCapture(event.pointerId)
    let frame = 0
    const onMove = ({ clientY }: globalThis.PointerEvent) => {
      // The layout of the stage changes once a frame, not once a move.
      cancelAnimationFrame(frame)
      frame = requestAnimationFrame(() => move(share + (clientY - from) / room))
    }
    handle.addEventListener('pointermove', onMove)
    handle.addEventListener('lostpointercapture', () => handle.removeEventListener('pointermove', onMove), {
      once: true,
    })
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'ArrowUp') move(share - STEP)
    else if (event.key === 'ArrowDown') move(share + STEP)
    else if (event.key === 'Home') move(LEAST)
    else if (event.key === 'End') move(MOST)
    else if (event.key === 'Enter') split.move(null)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <hr
      className={styles.splitter}
      tabIndex={0}
      aria-orientation="horizontal"
      aria-label="Height of the stage"
      aria-valuenow={Math.round(100 * share)}
      aria-valuetext={`${Math.round(100 * share)} percent`}
      aria-valuemin={100 * LEAST}
      aria-valuemax={100 * MOST}
      title="Drag to resize. Double-click to reset"
      onPointerDown={onPointerDown}
      onDoubleClick={() => split.move(null)}
      onKeyDown={onKeyDown}
    />
  )
}
