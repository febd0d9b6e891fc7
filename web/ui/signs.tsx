/** The signs of the stage, as they are drawn beside words. */
import type { ReactNode } from 'react'

const sign = (drawing: ReactNode) => (
  <svg
    width="28"
    height="20"
    viewBox="-14 -10 28 20"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.8"
    aria-hidden="true"
  >
    {drawing}
  </svg>
)

export const RUMOR = sign(<circle r="6" fill="#0072B2" stroke="none" />)
export const STATUS = sign(<path d="M0-7L7 0L0 7L-7 0Z" />)
export const UNDECODED = sign(<path d="M-5-5H5V5H-5Z" />)
export const LOSS = sign(<path d="M-5-5L5 5M5-5L-5 5" stroke="#0072B2" strokeWidth="2.5" />)
export const RING = sign(<path d="M0-8A8 8 0 0 1 8 0A8 8 0 0 1 0 8A8 8 0 0 1-8 0" strokeWidth="3" />)
export const CRASHED = sign(<circle r="8" strokeDasharray="3 3" />)
