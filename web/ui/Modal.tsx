import { X } from 'lucide-react'
import { Dialog } from 'radix-ui'
import type { ReactNode } from 'react'
import styles from './Dialog.module.css'
import { Button } from './ui.tsx'

export interface OpenProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

interface Props extends OpenProps {
  readonly title: string
  readonly lead: string
  /** As wide as a projector has room for. */
  readonly wide?: boolean
  readonly children: ReactNode
}

export function Modal({ open, onOpenChange, title, lead, wide = false, children }: Props) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        {/* Not Radix's overlay: that writes a style element, which the content policy forbids. */}
        <div className={styles.shade} aria-hidden />
        <Dialog.Content className={styles.dialog} data-wide={wide}>
          <div className={styles.head}>
            <Dialog.Title>{title}</Dialog.Title>
            <Dialog.Close asChild>
              <Button kind="icon" aria-label="Close">
                <X size={18} aria-hidden />
              </Button>
            </Dialog.Close>
          </div>
          <Dialog.Description className={styles.lead}>{lead}</Dialog.Description>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
