/** The little box beside a datagram that says what it is. */
import { select } from 'd3'
import styles from './Stage.module.css'

export interface Tip {
  /** At a place in px of the element; the first line is the title. */
  show(x: number, y: number, lines: readonly string[]): void
  hide(): void
}

/** Between the box and what it is about, in px. */
const GAP = 16
const HALF_WIDTH = 130

/** Eyes only: what is selected is told in the panel too. */
export function createTip(element: HTMLElement): Tip {
  const box = select(element)
    .append('div')
    .attr('class', styles.tip ?? '')
    .attr('aria-hidden', true)
    .attr('hidden', true)
  let shown = ''
  return {
    show(x, y, lines) {
      const text = lines.join('\n')
      if (shown !== text) {
        shown = text
        box.text('')
        lines.forEach((words, index) => {
          if (words) box.append(index === 0 ? 'strong' : 'span').text(words)
        })
      }
      const width = element.clientWidth
      const half = Math.min(HALF_WIDTH, width / 2)
      const left = Math.max(half, Math.min(width - half, x))
      box.attr('hidden', null).style('left', `${left}px`).style('top', `${y}px`)
      box.attr('data-below', y < (box.node()?.offsetHeight ?? 0) + GAP)
    },
    hide() {
      // Asked with every frame: an attribute that is set, even to the same, is styled anew.
      if (box.attr('hidden') === null) box.attr('hidden', true)
    },
  }
}
