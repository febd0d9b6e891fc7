/**
 * Copies the stage as drawn now into an SVG of its own: with its styles, its fonts, and its canvas of datagrams on top.
 */

import { around, type Rect } from '../model/rect.ts'
import { InWords } from '../model/trouble.ts'
import type { Page } from '../ui/page.ts'
import { draw } from './draw.ts'
import { inkOf } from './frame.ts'
import { dataUrl } from './web-page.ts'

/** The style properties that determine an element's look. */
const STYLED = [
  ...['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linecap', 'stroke-opacity'],
  ...['opacity', 'visibility', 'display', 'paint-order', 'text-anchor', 'dominant-baseline'],
  ...['font-family', 'font-size', 'font-weight', 'font-variant-numeric', 'letter-spacing'],
]

/** Half the width of a stroke, which belongs to no box, in px: nothing is cut off at the edge. */
const STROKE = 2

export interface Drawing {
  /** The copied part of the page; its colours are those of the picture. */
  readonly stage: Element
  readonly svg: SVGElement
  /** Bounds of its visible content. */
  readonly box: Rect
  /** Positions of the nodes, if they are in a row, in px. */
  readonly row: readonly number[] | null
}

/** Resolution of a canvas in pixels a px: it is for printing too. */
const FINE = 3

/** @throws InWords if there is no stage on the page. */
export async function stageDrawing({ easel }: Pick<Page, 'easel'>): Promise<Drawing> {
  const stage = document.querySelector('[data-view="stage"]')
  const svg = stage?.querySelector<SVGSVGElement>('svg[role="group"]')
  if (!stage || !svg) throw new InWords('The stage is hidden, so there is nothing to draw. Show it and try again.')
  const { width, height } = svg.getBoundingClientRect()
  const copy = svg.cloneNode(true) as SVGSVGElement
  copyStyles(svg, copy)
  const canvas = document.createElement('canvas')
  easel.paint?.(canvas, FINE)
  copy.prepend(await fontStyle())
  copy.append(draw('image', { width, height, href: canvas.toDataURL('image/png') }))
  const { x, y, width: wide, height: high } = svg.getBBox()
  const box = { left: x - STROKE, right: x + wide + STROKE, top: y - STROKE, bottom: y + high + STROKE }
  const ink = inkIn(canvas, width)
  return { stage, svg: copy, box: ink ? around(box, ink) : box, row: rowOf(svg) }
}

/** Returns a canvas's drawing as an image of this width. */
function inkIn(canvas: HTMLCanvasElement, width: number): Rect | null {
  const image = canvas.width > 0 && canvas.height > 0 ? canvas.getContext('2d') : null
  const ink = image && inkOf(image.getImageData(0, 0, canvas.width, canvas.height))
  if (!ink) return null
  const scale = width / canvas.width
  return { left: ink.left * scale, right: ink.right * scale, top: ink.top * scale, bottom: ink.bottom * scale }
}

/** A line in its columns has all nodes at one height, and each at the right of the one before. */
function rowOf(svg: SVGSVGElement): number[] | null {
  const places = [...svg.querySelectorAll('[data-node]')].map((node) => {
    const [x = 0, y = 0] = (node.getAttribute('transform') ?? '').match(/-?[\d.]+/g)?.map(Number) ?? []
    return { x, y }
  })
  const isRow = places.every(
    ({ x, y }, id) => y === places[0]?.y && x > (places[id - 1]?.x ?? Number.NEGATIVE_INFINITY),
  )
  return isRow ? places.map(({ x }) => x) : null
}

/** Sets properties one by one, because the page's content policy allows no style text. */
function copyStyles(from: Element, to: Element) {
  const style = getComputedStyle(from)
  if (to instanceof SVGElement) for (const name of STYLED) to.style.setProperty(name, style.getPropertyValue(name))
  to.removeAttribute('class')
  const copies = [...to.children]
  for (const [place, child] of [...from.children].entries()) {
    const copy = copies[place]
    if (copy) copyStyles(child, copy)
  }
}

/** Embeds the fonts in use: another computer may lack them. */
async function fontStyle(): Promise<SVGElement> {
  const used = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).filter(isLatinFont)
  const rules = await Promise.all(
    used.map(async ({ style, parentStyleSheet }) => {
      const [, url = ''] = /url\(["']?([^)"']+\.woff2)["']?\)/.exec(style.getPropertyValue('src')) ?? []
      const data = await dataUrl(new URL(url, parentStyleSheet?.href ?? location.href))
      const family = style.getPropertyValue('font-family')
      return `@font-face{font-family:${family};font-weight:${style.getPropertyValue('font-weight')};src:url(${data})}`
    }),
  )
  return draw('style', {}, rules.join(''))
}

const isLatinFont = (rule: CSSRule): rule is CSSFontFaceRule =>
  rule instanceof CSSFontFaceRule && /latin-(?!ext)[^)]*\.woff2/.test(rule.style.getPropertyValue('src'))
