/** In the header: the network's name, the settings that are not the default, and all of them on demand. */

import { ChevronDown } from 'lucide-react'
import { type MouseEvent, type ReactNode, useId, useState } from 'react'
import { useStore } from 'zustand'
import type { LabSettings } from '../../shared/model/lab-settings.ts'
import { DEFAULTS_LINE } from '../model/lines.ts'
import { changedWords, networkName, unusualConditions } from '../model/network-words.ts'
import { shown } from '../model/shown.ts'
import { useMayActHere, usePage, usePageState } from '../ui/page.ts'
import { Button } from '../ui/ui.tsx'
import styles from './Header.module.css'
import { SettingsList } from './SettingsList.tsx'

interface Props {
  readonly n: number
  readonly settings: LabSettings
}

/** More would push the buttons out of the header. */
const MOST_NAMED = 2

export function NetworkFacts({ n, settings }: Props) {
  const conditions = unusualConditions(settings)
  return (
    <>
      <OnDemand settings={settings}>{networkName(n, settings)}</OnDemand>{' '}
      {conditions !== '' && <span>{conditions}</span>}
      <Changed settings={settings} />
    </>
  )
}

function OnDemand({ settings, children }: { readonly settings: LabSettings; readonly children: ReactNode }) {
  const id = useId()
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <button type="button" className={styles.name} title="Network settings" popoverTarget={id} onClick={below}>
        <strong>{children}</strong>
        <ChevronDown size={16} aria-hidden />
      </button>
      <section
        id={id}
        popover="auto"
        className={styles.settings}
        aria-label="Network settings"
        onToggle={({ newState }) => setIsOpen(newState === 'open')}
      >
        {isOpen && (
          <>
            <SettingsList settings={settings} />
            <Before />
          </>
        )}
      </section>
    </>
  )
}

/** The previous network, once its notice has gone. */
function Before() {
  const { undo } = usePage()
  const mayAct = useMayActHere()
  const live = usePageState(({ connection }) => connection.phase === 'live')
  const state = useStore(undo)
  const offer = undo.allowed(state).find(({ kind }) => kind === 'network')
  if (offer?.kind !== 'network' || !mayAct || !live) return null
  return (
    <div className={styles.before}>
      <p>
        <strong>Previous network:</strong> {shown(offer.words)}.
      </p>
      {state.error !== null && <p role="alert">{shown(state.error)}</p>}
      <Button onClick={() => void undo.undo(offer)}>Undo</Button>
    </div>
  )
}

/** The settings of the protocol that differ from their defaults, and a button that resets them. */
function Changed({ settings }: Pick<Props, 'settings'>) {
  const { act } = usePage()
  const mayAct = useMayActHere()
  const all = changedWords(settings)
  if (all.length === 0) return null
  const named = all.slice(0, MOST_NAMED)
  const more = all.length - named.length
  return (
    <span className={styles.changed}>
      <small title={`Changed from the defaults: ${all.join(', ')}`}>
        {named.join(' · ')}
        {more > 0 && ` · ${more} more`}
      </small>
      {mayAct && (
        <Button
          kind="quiet"
          className={styles.back ?? ''}
          title={DEFAULTS_LINE}
          onClick={() => void act(DEFAULTS_LINE)}
        >
          Reset
        </Button>
      )}
    </span>
  )
}

/** Browsers open a popover in the middle of the screen by default. */
function below({ currentTarget }: MouseEvent<HTMLButtonElement>) {
  const { left, bottom } = currentTarget.getBoundingClientRect()
  const { style } = currentTarget.parentElement ?? currentTarget
  style.setProperty('--left', `${left}px`)
  style.setProperty('--top', `${bottom}px`)
}
