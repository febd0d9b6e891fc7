/** The stage as a picture: its drawing with the styles it has now, and its canvas of datagrams on top. */
import { InWords } from '../files/trouble.ts'
import { dataUrl } from './web-page.ts'

/** What of an element's style makes its look. */
const STYLED = [
  ...['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linecap', 'stroke-opacity'],
  ...['opacity', 'visibility', 'display', 'paint-order', 'text-anchor', 'dominant-baseline'],
  ...['font-family', 'font-size', 'font-weight', 'font-variant-numeric', 'letter-spacing'],
]

/** A PNG is larger than the screen shows it: it may be printed. */
const SCALE = 2

export async function stageAsSvg(): Promise<Blob> {
  const { text } = await drawing()
  return new Blob([text], { type: 'image/svg+xml' })
}

export async function stageAsPng(): Promise<Blob> {
  const { text, width, height } = await drawing()
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = width * SCALE
  canvas.height = height * SCALE
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new InWords('The stage is too large for a picture. Save it as SVG.'))),
      'image/png',
    )
  })
}

async function drawing() {
  const stage = document.querySelector('section[aria-label="Stage"]')
  const svg = stage?.querySelector<SVGSVGElement>('svg[role="group"]')
  if (!stage || !svg) throw new InWords('The stage is not shown now, so that there is no picture of it.')
  const { width, height } = svg.getBoundingClientRect()
  const copy = svg.cloneNode(true) as SVGSVGElement
  copyStyles(svg, copy)
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  copy.setAttribute('viewBox', `0 0 ${width} ${height}`)
  copy.prepend(await fontStyle(), background(width, height))
  for (const canvas of stage.querySelectorAll('canvas')) copy.append(layer(canvas, width, height))
  return { text: new XMLSerializer().serializeToString(copy), width, height }
}

/** By property, because the page's content policy allows no style as text. */
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

const element = (name: string) => document.createElementNS('http://www.w3.org/2000/svg', name)

function background(width: number, height: number): SVGElement {
  const ground = element('rect')
  ground.setAttribute('width', `${width}`)
  ground.setAttribute('height', `${height}`)
  ground.setAttribute('fill', getComputedStyle(document.body).backgroundColor)
  return ground
}

function layer(canvas: HTMLCanvasElement, width: number, height: number): SVGElement {
  const image = element('image')
  image.setAttribute('width', `${width}`)
  image.setAttribute('height', `${height}`)
  image.setAttribute('href', canvas.toDataURL('image/png'))
  return image
}

/** The fonts that are in use: whoever opens the picture may not have them. */
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
  const style = element('style')
  style.textContent = rules.join('')
  return style
}

const isLatinFont = (rule: CSSRule): rule is CSSFontFaceRule =>
  rule instanceof CSSFontFaceRule && /latin-(?!ext)[^)]*\.woff2/.test(rule.style.getPropertyValue('src'))
