/** Names the running network, and opens the dialogs. */
import { CircleHelp, GraduationCap, Moon, Projector, Share2, SquareTerminal, Sun, Waypoints } from 'lucide-react'
import { useStore } from 'zustand'
import type { LabSettings } from '../../shared/model/lab-settings.ts'
import { ClassBar } from '../classroom/ClassBar.tsx'
import { LaterDialog } from '../ui/Later.tsx'
import { useMayAct, usePage, usePageState } from '../ui/page.ts'
import { Button, IconButton, Roomy } from '../ui/ui.tsx'
import type { DialogName } from './dialog-name.ts'
import styles from './Header.module.css'
import { NetworkFacts } from './NetworkFacts.tsx'

/** Rarely needed, so loaded on demand. */
const help = () => import('./HelpDialog.tsx')
const newNetwork = () => import('./NetworkDialog.tsx')
const share = () => import('../export/ShareDialog.tsx')

interface Props {
  readonly settings: LabSettings | null
  readonly n: number
  readonly dialog: DialogName
  readonly openDialog: (name: DialogName) => void
}

export function Header({ settings, n, dialog, openDialog }: Props) {
  const { theme: themeStore, projector, side: sideStore, store, client, isAlone } = usePage()
  const side = useStore(sideStore)
  const theme = useStore(themeStore)
  const large = useStore(projector)
  const drawer = usePageState((state) => state.drawer)
  const mayAct = useMayAct()
  const live = usePageState(({ connection }) => connection.phase === 'live')
  const sampling = usePageState(({ lab }) => Math.max(1, ...lab.nodes.map((node) => node.sampling)))
  const toggle = (name: Exclude<DialogName, null>) => (open: boolean) => openDialog(open ? name : null)
  const toggleLessons = () => {
    // The selection would cover them.
    if (side.kind === 'lessons' && store.getState().selection !== null) store.select(null)
    else sideStore.setState({ kind: side.kind === 'lessons' ? 'inspector' : 'lessons' }, true)
  }
  return (
    <header className={styles.header} data-watches={!mayAct}>
      <Logo />
      <h1>Rumorscope</h1>
      {settings && (
        <div className={styles.network}>
          <NetworkFacts n={n} settings={settings} />
          {sampling > 1 && <em title="Counters stay exact">one datagram in {sampling} is drawn</em>}
        </div>
      )}
      <span className={styles.buttons}>
        {/* A page that was saved as a file lacks the parts that load on demand. */}
        {client && mayAct && (
          <>
            {/* The entry for a first visit; while the list is open, the lesson itself is. */}
            <Button
              kind={side.kind === 'lessons' ? 'plain' : 'primary'}
              className={styles.door ?? ''}
              aria-pressed={side.kind === 'lessons'}
              onClick={toggleLessons}
            >
              <GraduationCap size={18} aria-hidden />
              <span>Lessons</span>
            </Button>
            <Button
              className={styles.door ?? ''}
              aria-keyshortcuts="Alt+N"
              onClick={() => openDialog('network')}
              disabled={!live || settings === null}
            >
              <Waypoints size={18} aria-hidden />
              <span>
                New <Roomy from={400}>network</Roomy>
              </span>
            </Button>
          </>
        )}
        {client && !isAlone && <ClassBar open={dialog === 'invite'} onOpenChange={toggle('invite')} />}
        {client && (
          <Button onClick={() => openDialog('share')} disabled={settings === null}>
            <Share2 size={18} aria-hidden />
            <Roomy from={400}>Share</Roomy>
          </Button>
        )}
        {large && client && (
          <span className={styles.projector}>
            <IconButton label="Console" aria-pressed={drawer} onClick={() => store.setState({ drawer: !drawer })}>
              <SquareTerminal size={18} aria-hidden />
            </IconButton>
          </span>
        )}
        <span className={styles.projector}>
          <IconButton
            label="Projector mode: larger, with more contrast"
            aria-pressed={large}
            onClick={projector.toggle}
          >
            <Projector size={18} aria-hidden />
          </IconButton>
        </span>
        {client && (
          <IconButton label="Help" onClick={() => openDialog('help')}>
            <CircleHelp size={18} aria-hidden />
          </IconButton>
        )}
        <IconButton label={theme === 'dark' ? 'Light colours' : 'Dark colours'} onClick={themeStore.toggle}>
          {theme === 'dark' ? <Sun size={18} aria-hidden /> : <Moon size={18} aria-hidden />}
        </IconButton>
      </span>
      {client && (
        <>
          {settings && mayAct && dialog === 'network' && (
            <LaterDialog name="the new network" load={newNetwork} onOpenChange={toggle('network')}>
              {(Dialog) => <Dialog open onOpenChange={toggle('network')} settings={settings} />}
            </LaterDialog>
          )}
          {dialog === 'share' && (
            <LaterDialog name="the dialog to share" load={share} onOpenChange={toggle('share')}>
              {(Dialog) => <Dialog open onOpenChange={toggle('share')} />}
            </LaterDialog>
          )}
          {dialog === 'help' && (
            <LaterDialog name="the help" load={help} onOpenChange={toggle('help')}>
              {(Dialog) => <Dialog open onOpenChange={toggle('help')} />}
            </LaterDialog>
          )}
        </>
      )}
    </header>
  )
}

function Logo() {
  return (
    <svg className={styles.logo} viewBox="0 0 32 32" aria-hidden="true">
      <circle cx="16" cy="16" r="15" opacity="0.3" />
      <circle cx="16" cy="16" r="10.5" opacity="0.6" />
      <circle cx="16" cy="16" r="5.5" className={styles.core} />
    </svg>
  )
}
