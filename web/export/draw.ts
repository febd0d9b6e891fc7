/** Creates SVG elements with their attributes: content is text, and is never parsed as markup. */

export type Attributes = Readonly<Record<string, string | number>>

export function draw(name: string, attributes: Attributes = {}, ...children: readonly (Node | string)[]): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, `${value}`)
  element.append(...children)
  return element
}

/** Returns the width of a line of text, in px. */
export function widthOf(line: string, font: string): number {
  const context = document.createElement('canvas').getContext('2d')
  if (!context) return 0
  context.font = font
  return context.measureText(line).width
}

/** Returns the text, or as much of its beginning as fits `most` px, with an ellipsis. */
export function fitted(text: string, most: number, font: string): string {
  const letters = [...text]
  const upTo = (count: number) => (count === letters.length ? text : `${letters.slice(0, count).join('')}…`)
  let count = letters.length
  while (count > 1 && widthOf(upTo(count), font) > most) count -= 1
  return upTo(count)
}
