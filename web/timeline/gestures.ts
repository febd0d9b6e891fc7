/** Handles mouse, wheel and touch on the diagram: point, click, zoom, move, choose a span. */

export interface Gestures {
  readonly point: (at: { x: number; y: number } | null) => void
  readonly leave: () => void
  readonly click: () => void
  /** Zooms by a factor, around a height in px. */
  readonly zoom: (factor: number, y: number) => void
  /** Moves by so many px, downwards. */
  readonly pan: (px: number) => void
  /** From one height to another, in px. */
  readonly brush: (from: number, to: number) => void
}

/** Tolerated movement during a click, in px. */
const STILL_PX = 5
/** Wheel distance for about one ZOOM_STEP, in px. */
const WHEEL_PX = 220

/** Returns a function that removes all handlers. */
export function listenTo(element: HTMLElement, { point, leave, click, zoom, pan, brush }: Gestures): () => void {
  const off = new AbortController()
  const on = <Name extends keyof HTMLElementEventMap>(name: Name, listen: (event: HTMLElementEventMap[Name]) => void) =>
    element.addEventListener(name, listen, { signal: off.signal, passive: false })
  const fingers = new Map<number, number>()
  let pressedAt: number | null = null
  let isDragging = false

  const placeOf = ({ clientX, clientY }: MouseEvent) => {
    const { left, top } = element.getBoundingClientRect()
    return { x: clientX - left, y: clientY - top }
  }
  const apart = () => {
    const [one = 0, other = 0] = [...fingers.values()]
    return { distance: Math.max(20, Math.abs(one - other)), middle: (one + other) / 2 }
  }

  on('wheel', (event) => {
    event.preventDefault()
    const px = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 33 : 1
    if (event.shiftKey) pan((event.deltaY || event.deltaX) * px)
    // A pinch on a touchpad comes as a wheel with the Control key, and in smaller portions.
    else zoom(2 ** ((event.deltaY * px * (event.ctrlKey ? 4 : 1)) / WHEEL_PX), placeOf(event).y)
  })
  on('pointerdown', (event) => {
    const { y } = placeOf(event)
    if (event.pointerType === 'touch') fingers.set(event.pointerId, y)
    else if (event.button === 0) {
      pressedAt = y
      element.setPointerCapture(event.pointerId)
    }
  })
  on('pointermove', (event) => {
    const place = placeOf(event)
    if (fingers.has(event.pointerId)) {
      const before = apart()
      fingers.set(event.pointerId, place.y)
      if (fingers.size === 2) zoom(before.distance / apart().distance, apart().middle)
    }
    point(place)
    if (pressedAt === null) return
    if (Math.abs(place.y - pressedAt) > STILL_PX) isDragging = true
    if (isDragging) brush(pressedAt, place.y)
  })
  const released = (event: PointerEvent) => {
    fingers.delete(event.pointerId)
    pressedAt = null
  }
  on('pointerup', released)
  on('pointercancel', released)
  on('pointerleave', ({ pointerType }) => {
    point(null)
    // A lifted finger causes a leave event too: the pointed instant stays.
    if (pointerType !== 'touch') leave()
  })
  on('click', (event) => {
    const wasDrag = isDragging
    isDragging = false
    point(placeOf(event))
    if (!wasDrag) click()
  })
  return () => off.abort()
}
