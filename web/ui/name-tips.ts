/**
 * Shows the name of an icon button beside it, when the pointer rests on it or the keyboard reaches it. Screen readers
 * read the button itself.
 */
import styles from './ui.module.css'

const ICON = 'button[data-kind="icon"]'
/** Time that the pointer rests on a button first, and in which it may go on to the name or the next button, in ms. */
const REST_MS = 400
const GRACE_MS = 150
/** Distance of a name from its button, and from the edges of the window, in px. */
const GAP = 6
const EDGE = 8

/** Returns a function that ends it. */
export function startNameTips(): () => void {
  const tip = document.createElement('div')
  tip.className = styles.name ?? ''
  tip.ariaHidden = 'true'
  document.body.append(tip)
  const ending = new AbortController()
  let pointed: Element | null = null
  let timer: ReturnType<typeof setTimeout>

  function show(button: Element | null) {
    clearTimeout(timer)
    tip.textContent = button?.ariaLabel ?? ''
    if (!button) return
    const { left, right, top, bottom } = button.getBoundingClientRect()
    const { offsetWidth: width, offsetHeight: height } = tip
    const above = top - GAP - height
    tip.style.left = `${Math.max(EDGE, Math.min((left + right - width) / 2, innerWidth - EDGE - width))}px`
    tip.style.top = `${above < EDGE ? bottom + GAP : above}px`
  }
  const hide = () => show(null)

  function on<Type extends keyof DocumentEventMap>(type: Type, listener: (event: DocumentEventMap[Type]) => void) {
    document.addEventListener(type, listener, { signal: ending.signal })
  }
  on('pointerover', ({ target, pointerType }) => {
    if (pointerType === 'touch' || !(target instanceof Element)) return
    const over = target === tip ? tip : target.closest(ICON)
    if (over === pointed) return
    pointed = over
    clearTimeout(timer)
    if (over !== tip) timer = setTimeout(() => show(over), over && tip.textContent === '' ? REST_MS : GRACE_MS)
  })
  on('focusin', ({ target }) => {
    if (target instanceof Element && target.matches(`${ICON}:focus-visible`)) show(target)
  })
  on('focusout', hide)
  on('pointerdown', hide)
  on('keydown', ({ key }) => key === 'Escape' && hide())
  return () => {
    ending.abort()
    clearTimeout(timer)
    tip.remove()
  }
}
