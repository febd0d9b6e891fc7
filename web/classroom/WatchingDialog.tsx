/** Explains why this page may only watch, and how it gets control of the lab. */
import { useStore } from 'zustand'
import { Modal, type OpenProps } from '../ui/Modal.tsx'
import { usePage } from '../ui/page.ts'
import styles from './InviteDialog.module.css'

const LEAD = 'This lab can be reached from other machines. Anyone can watch; only its presenter can control it.'
const REFUSED = 'The key in this address does not belong to this lab. The lab makes a new key each time it starts.'

export default function WatchingDialog(props: OpenProps) {
  const refused = useStore(usePage().classroom, (state) => state.keyRefused)
  return (
    <Modal {...props} title="You are watching" lead={refused ? REFUSED : LEAD}>
      <div className={styles.closed}>
        <p>
          Is this your lab? Its terminal shows an address that ends with a key. Open that address, or add its ending to
          this page’s address:
        </p>
        <code>{location.origin}/#key=…</code>
      </div>
    </Modal>
  )
}
