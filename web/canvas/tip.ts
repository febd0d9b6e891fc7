/** The tooltip beside a datagram, which describes it. */
import { select } from 'd3'
import type { Rect } from '../model/rect.ts'
import type { Place } from './geometry.ts'
import styles from './tip.module.css'
import { placeTip } from './tip-place.ts'

export interface Tip {
  /** Shows the tooltip beside a place, clear of its subject, in px of the element; the first line is the title. */
  show(at: Place, lines: readonly string[], clear: readonly Rect[]): void
  hide(): void
}

/** Hidden from screen readers: the panel describes the selection too. */
export function createTip(element: HTMLElement): Tip {
  const box = select(element)
    .append('div')
    .attr('class', styles.tip ?? '')
    .attr('aria-hidden', true)
    .attr('hidden', true)
  let shown = ''
  return {
    show(at, lines, clear) {
      const text = lines.join('\n')
      if (shown !== text) {
        shown = text
        box.text('')
        lines.forEach((words, index) => {
          if (words) box.append(index === 0 ? 'strong' : 'span').text(words)
        })
      }
      box.attr('hidden', null)
      const { offsetWidth: width = 0, offsetHeight: height = 0 } = box.node() ?? {}
      const { x, y } = placeTip(at, { width, height }, roomFor(element), clear)
      box.style('left', `${x}px`).style('top', `${y}px`)
    },
    hide() {
      // Called with every frame, so it writes only changes: the browser restyles even for an equal value.
      if (box.attr('hidden') === null) box.attr('hidden', true)
    },
  }
}

/**
 * Returns the visible area around an element, in its own px: a tooltip may cover other views, but not leave the page.
 */
function roomFor(element: HTMLElement): Rect {
  const { top } = element.getBoundingClientRect()
  const views = element.closest('main')?.getBoundingClientRect()
  return {
    left: 0,
    right: element.clientWidth,
    top: Math.max(0, views?.top ?? 0) - top,
    bottom: Math.min(innerHeight, views?.bottom ?? innerHeight) - top,
  }
}
