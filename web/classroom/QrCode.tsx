/** Draws a text as a QR code: one path of squares, black on white in any theme, because some cameras read no other. */
import { useMemo } from 'react'
import { encode } from 'uqr'
import styles from './InviteDialog.module.css'

/** Number of white modules around it, as the standard requires. */
const QUIET_ZONE = 4

export function QrCode({ text }: { readonly text: string }) {
  const { size, path } = useMemo(() => {
    const { size, data } = encode(text, { ecc: 'M', border: QUIET_ZONE })
    const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
    return { size, path: squares.join('') }
  }, [text])
  return (
    <svg
      className={styles.code}
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={`QR code of ${text}`}
      shapeRendering="crispEdges"
    >
      <path d={path} />
    </svg>
  )
}
