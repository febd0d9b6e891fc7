/** Decides whether a key belongs to the focused element or to the page. */

/** Returns whether text is typed here. Sliders, check boxes and buttons are inputs, and take no text. */
const TEXT =
  'textarea, [contenteditable], input:not([type="range"], [type="checkbox"], [type="radio"], [type="file"], [type="submit"])'

/** Controls that move or choose by these keys, however they got the focus. */
const MOVING =
  'input[type="range"]:not([data-keys="page"]), input[type="radio"], select, [role="tab"], [role="listbox"]'
const MOVES = /^(Arrow.*|Home|End)$/

/**
 * Further keys that a control uses when it was reached by keyboard. After a click they mean the page: presenters click,
 * and continue with the keys of a remote.
 */
const BY_KEYBOARD: readonly (readonly [controls: string, keys: RegExp])[] = [
  ['button, a, summary, input, select, [role="button"], [role="tab"]', /^ $/],
  ['select', /^[\da-z]$/i],
  ['[role="listbox"]', /^Page/],
]

/** The element that got the focus by a click, for as long as it has it. */
let clicked: Element | null = null

/** Tracks whether clicks or keys move the focus. Returns a function that ends that. */
export function watchClicks(): () => void {
  const onClick = ({ detail }: MouseEvent) => {
    // Space and Enter click too, without a count of clicks.
    if (detail > 0) clicked = document.activeElement
  }
  const onLeave = () => {
    clicked = null
  }
  document.addEventListener('click', onClick, true)
  document.addEventListener('focusout', onLeave, true)
  return () => {
    document.removeEventListener('click', onClick, true)
    document.removeEventListener('focusout', onLeave, true)
  }
}

/**
 * Returns whether the focused element uses this key itself. A dialog uses all keys, a field for text all but the page
 * keys.
 */
export function isKeyTaken({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false
  if (target.closest('[role="dialog"]')) return true
  if (target.closest(TEXT)) return !key.startsWith('Page') || target.closest('textarea') !== null
  if (target.closest(MOVING) && MOVES.test(key)) return true
  return (
    target !== clicked && BY_KEYBOARD.some(([controls, keys]) => keys.test(key) && target.closest(controls) !== null)
  )
}

/**
 * Returns the letter of a key that is pressed with Alt alone, in lower case; null for any other key, and if the two
 * type a character, as Option does in a field on a Mac.
 */
export function altLetterOf({ target, key, code, altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent): string | null {
  if (!altKey || ctrlKey || metaKey || shiftKey) return null
  if (/^[a-z]$/i.test(key)) return key.toLowerCase()
  const isTyping = target instanceof Element && target.closest(TEXT) !== null
  return isTyping || !/^Key[A-Z]$/.test(code) ? null : code.slice(3).toLowerCase()
}
