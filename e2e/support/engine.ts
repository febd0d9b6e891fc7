/** A browser engine other than Chromium, as the tests drive it: by expressions that give elements, mouse and keyboard. */
import { execFileSync } from 'node:child_process'

export interface Engine {
  /** Errors of the page: there must be none. */
  readonly errors: readonly string[]
  /** Folder that it saves downloads in. */
  readonly downloads: string
  /** Loads an address in a window of this size, in px. */
  open(url: string, width?: number, height?: number): Promise<void>
  /** Returns the text that an expression gives in the page; a promise is awaited. */
  evaluate(expression: string): Promise<string>
  /** Clicks an element that an expression gives, at a share of its width. */
  click(element: string, share?: number): Promise<void>
  /** Types a text and Enter. */
  type(text: string): Promise<void>
  /** Returns a PNG. */
  screenshot(): Promise<Buffer>
  close(): Promise<void>
}

const ENTER = '\uE007'

/** An expression for the point of an element at a share of its width, as `x,y` in px of the window. */
export const pointOf = (element: string, share: number) => `(() => {
  const element = ${element}
  element.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  const { x, y, width, height } = element.getBoundingClientRect()
  return [x + width * ${share}, y + height / 2].map(Math.round).join()
})()`

/** W3C actions (WebDriver, "Actions") for a click, and for a text with Enter; BiDi has the same. */
export function clickAt(point: string) {
  const [x, y] = point.split(',').map(Number)
  const actions = [
    { type: 'pointerMove', x, y },
    { type: 'pointerDown', button: 0 },
    { type: 'pointerUp', button: 0 },
  ]
  return { type: 'pointer', id: 'mouse', actions }
}

export function typing(text: string) {
  const actions = [...text, ENTER].flatMap((value) => [
    { type: 'keyDown', value },
    { type: 'keyUp', value },
  ])
  return { type: 'key', id: 'keyboard', actions }
}

/** Returns the first of these programs that starts. @throws Error that says how to install one. */
export function programOf(names: readonly string[], install: string): string {
  const found = names.find((name) => {
    try {
      execFileSync(name, ['--version'], { stdio: 'ignore' })
      return true
    } catch (error) {
      // Some do not know this option.
      return (error as NodeJS.ErrnoException).code !== 'ENOENT'
    }
  })
  if (found === undefined) throw new Error(`there is no ${names[0]}: sudo apt-get install ${install}`)
  return found
}
