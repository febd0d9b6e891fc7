import type { Measured } from '../model/lessons/figures.ts'
import styles from './Lessons.module.css'

/** The measured figures, large. */
export function Figures({ figures }: { readonly figures: readonly Measured[] }) {
  if (figures.length === 0) return null
  return (
    <ul className={styles.figures} aria-label="Measured in this run">
      {figures.map(({ value, words }) => (
        <li key={`${value} ${words}`}>
          <strong>{value}</strong> <span>{words}</span>
        </li>
      ))}
    </ul>
  )
}
