/** The few parts that all panels consist of. */
import type { ComponentProps, CSSProperties, MouseEvent, ReactNode } from 'react'
import type { Paint } from '../../shared/model/colours.ts'
import styles from './ui.module.css'
import { useMedia } from './use-media.ts'

interface ButtonProps extends ComponentProps<'button'> {
  readonly kind?: 'plain' | 'primary' | 'warning' | 'icon' | 'quiet'
  /** Reason why it cannot work here. It keeps the focus, so that the reason can be read by keyboard too. */
  readonly whyNot?: string | undefined
}

const keepStill = (event: MouseEvent) => event.preventDefault()

export function Button({ kind = 'plain', type = 'button', className = '', whyNot, ...rest }: ButtonProps) {
  const off = whyNot === undefined ? {} : { 'aria-disabled': true, title: whyNot, onClick: keepStill }
  return <button {...rest} {...off} type={type} data-kind={kind} className={`${styles.button} ${className}`} />
}

/** A button that shows an icon only: `name-tips.ts` shows its name. */
export function IconButton({ label, children, ...rest }: Omit<ButtonProps, 'kind'> & { readonly label: string }) {
  return (
    <Button {...rest} kind="icon" aria-label={label}>
      {children}
    </Button>
  )
}

export function Field({ className = '', ...rest }: ComponentProps<'input'>) {
  return <input {...rest} className={`${styles.field} ${className}`} autoComplete="off" spellCheck={false} />
}

export function Dot({ paint }: { readonly paint: Paint }) {
  return <span aria-hidden className={styles.dot} data-pattern={paint.pattern} style={hueOf(paint)} />
}

export const hueOf = ({ hue, ink }: Paint): CSSProperties => ({ '--hue': hue, '--hue-ink': ink }) as CSSProperties

export function Pill({ tone, children }: { readonly tone?: 'warning' | undefined; readonly children: ReactNode }) {
  return (
    <span className={styles.pill} data-tone={tone}>
      {children}
    </span>
  )
}

/** In a list of terms and explanations. */
export function FactRow({ term, words }: { readonly term: string; readonly words: string }) {
  return (
    <>
      <dt>{term}</dt>
      <dd>{words}</dd>
    </>
  )
}

/** A lifted finger causes a leave event too: the pointed element stays. */
export const unlessTouched = ({ pointerType }: { readonly pointerType: string }): boolean => pointerType !== 'touch'

/** For screen readers only. */
export function Hidden({ children }: { readonly children: ReactNode }) {
  return <span className={styles.hidden}>{children}</span>
}

/** Visible only on a screen at least so wide, in px of the usual font size; always read out. */
export function Roomy({ from, children }: { readonly from: number; readonly children: ReactNode }) {
  const wide = useMedia(`(min-width: ${from / 16}em)`)
  return wide ? children : <Hidden>{children}</Hidden>
}
