/** Shows the lab's address for viewers: in large type, and as a QR code for their phones. */
import { useEffect, useState } from 'react'
import type { Invitation } from '../../shared/wire/protocol.ts'
import { shown } from '../model/shown.ts'
import { Modal, type OpenProps } from '../ui/Modal.tsx'
import { usePage, usePageState } from '../ui/page.ts'
import { Technical } from '../ui/Trouble.tsx'
import { Button } from '../ui/ui.tsx'
import styles from './InviteDialog.module.css'
import { QrCode } from './QrCode.tsx'

type Asked = { readonly addresses: readonly string[] } | { readonly error: string } | null

export default function InviteDialog(props: OpenProps) {
  const [asked, setAsked] = useState<Asked>(null)
  const ask = () => {
    setAsked(null)
    invitation().then(setAsked, (error: unknown) => setAsked({ error: String(error) }))
  }
  useEffect(ask, [])
  const mayChat = usePageState(({ lab }) => lab.viewersMay === 'chat')
  const isOpen = asked !== null && 'addresses' in asked && asked.addresses.length > 0
  const may = mayChat ? 'watch and send messages' : 'watch'
  const lead = isOpen
    ? `Anyone with this link can ${may}. Only you can control the lab.`
    : 'Let a class watch this lab on its own screens.'
  return (
    <Modal {...props} wide={isOpen} title="Invite" lead={lead}>
      {asked === null && <p role="status">Finding this machine’s addresses …</p>}
      {asked !== null && 'error' in asked && (
        <div role="alert">
          <p>The lab did not list its addresses.</p>
          <Button onClick={ask}>Try again</Button>
          <Technical text={asked.error} />
        </div>
      )}
      {asked !== null && 'addresses' in asked && (asked.addresses.length > 0 ? <Open {...asked} /> : <Closed />)}
    </Modal>
  )
}

async function invitation(): Promise<Invitation> {
  const response = await fetch('/api/invite')
  if (!response.ok) throw new Error(`HTTP status ${response.status}`)
  const { addresses }: Invitation = await response.json()
  // The address of this page works for others, too.
  const here = LOOPBACK.test(location.hostname) ? [] : [location.origin]
  return { addresses: [...new Set([...here, ...addresses])] }
}

const LOOPBACK = /^(localhost|127\.[\d.]+|\[::1\])$/

function Closed() {
  return (
    <div className={styles.closed}>
      <p>Only this machine can reach this lab. To let a class watch, stop it with Ctrl-C and start it again with</p>
      <code>npm start -- --host 0.0.0.0</code>
      <p>or, if Rumorscope is installed, with</p>
      <code>rumorscope --host 0.0.0.0</code>
    </div>
  )
}

function Open({ addresses }: Invitation) {
  const [chosen, setChosen] = useState(addresses[0] ?? '')
  return (
    <div className={styles.open}>
      <p className={styles.address}>{chosen}</p>
      <QrCode text={chosen} />
      <div className={styles.side}>
        {addresses.length > 1 && (
          <fieldset className={styles.addresses}>
            <legend>If it does not open, try another address</legend>
            {addresses.map((address) => (
              <label key={address}>
                <input type="radio" name="address" checked={address === chosen} onChange={() => setChosen(address)} />{' '}
                {address.replace(/^https?:\/\//, '')}
              </label>
            ))}
          </fieldset>
        )}
        <ChatSwitch />
      </div>
    </div>
  )
}

function ChatSwitch() {
  const { act } = usePage()
  const chat = usePageState(({ lab }) => lab.viewersMay === 'chat')
  const [error, setError] = useState<string | null>(null)
  async function set(on: boolean) {
    const reply = await act(`viewers may ${on ? 'chat' : 'watch'}`)
    setError(reply.ok ? null : reply.error)
  }
  return (
    <div>
      <label className={styles.switch}>
        <input type="checkbox" checked={chat} onChange={({ target }) => void set(target.checked)} /> Viewers may send
        messages
      </label>
      {error !== null && <p role="alert">{shown(error)}</p>}
    </div>
  )
}
