/** Colours and sizes that a canvas shares with the style sheet, which alone defines them. */
export interface Palette {
  readonly background: string
  readonly ink: string
  readonly quiet: string
  readonly line: string
  readonly lineStrong: string
  readonly accent: string
  readonly accentInk: string
  readonly warning: string
  readonly sans: string
  /** Scale of words compared with the usual size. */
  readonly zoom: number
}

/** Reads the tokens of the style sheet as they apply to an element. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element)
  const token = (name: string) => style.getPropertyValue(name).trim()
  return {
    background: token('--background'),
    ink: token('--ink'),
    quiet: token('--ink-3'),
    line: token('--line'),
    lineStrong: token('--line-strong'),
    accent: token('--accent'),
    accentInk: token('--accent-ink'),
    warning: token('--warning'),
    sans: token('--sans'),
    zoom: Number(token('--zoom')) || 1,
  }
}

/** Clears a canvas and fits it to a size in CSS px on this screen, at `scale` times its resolution. */
export function prepareCanvas(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  ratio = window.devicePixelRatio || 1,
): CanvasRenderingContext2D | null {
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)]
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w
    canvas.height = h
  }
  const context = canvas.getContext('2d')
  context?.setTransform(ratio, 0, 0, ratio, 0, 0)
  context?.clearRect(0, 0, width, height)
  return context
}
