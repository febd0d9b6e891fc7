/** The page: header, the three views that share their columns, the inspector at the right, time and console below. */
import { PanelRightClose, PanelRightOpen } from 'lucide-react'
import { type CSSProperties, useEffect, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { Console } from '../console/Console.tsx'
import { isHolding } from '../model/held.ts'
import { FindingsButton } from '../stage/FindingsButton.tsx'
import { TimeBar } from '../timeline/TimeBar.tsx'
import { Guard } from '../ui/Guard.tsx'
import { startNameTips } from '../ui/name-tips.ts'
import { usePage, usePageState } from '../ui/page.ts'
import { IconButton } from '../ui/ui.tsx'
import { useFullScreen } from '../ui/use-full-screen.ts'
import { useSize } from '../ui/use-size.ts'
import { Announcer } from './Announcer.tsx'
import styles from './App.module.css'
import { Banner } from './Banner.tsx'
import type { DialogName } from './dialog-name.ts'
import { FileDrop } from './FileDrop.tsx'
import { ForkButton } from './ForkButton.tsx'
import { Header } from './Header.tsx'
import { SidePanel } from './SidePanel.tsx'
import { useShortcuts } from './use-shortcuts.ts'
import { useTimeKeys } from './use-time-keys.ts'
import { Views } from './Views.tsx'

/** The name of the panel beside the stage. */
const SIDES = { inspector: 'Inspector', lessons: 'Lessons', scenario: 'Scenario' }

export function App() {
  const [dialog, setDialog] = useState<DialogName>(null)
  const fullScreen = useFullScreen()
  const views = useRef<HTMLElement>(null)
  const size = useSize(views)
  const foot = useRef<HTMLElement>(null)
  const footStyle = { '--foot': `${useSize(foot).height}px` } as CSSProperties
  const settings = usePageState(({ lab }) => lab.settings)
  const n = usePageState(({ lab }) => lab.nodes.length)
  const { client, side: sideStore, classroom } = usePage()
  const side = useStore(sideStore, ({ kind }) => kind)
  const isSelected = usePageState(({ selection }) => selection !== null)
  const isRecorded = usePageState(({ recording }) => recording !== null)
  const isLed = useStore(classroom, ({ role, following }) => role === 'viewer' && following) && !isRecorded
  const isHeld = usePageState(({ lab }) => isHolding(lab))
  const panel = usePanel(fullScreen.on)
  const isIdle = side === 'inspector' && !isSelected && !isHeld && !panel.isOpen
  // In full-screen mode, a selection on the stage opens its panel.
  const isBare = fullScreen.on && side === 'inspector' && !isSelected && !panel.isOpen
  useShortcuts({ openDialog: setDialog, toggleFullScreen: fullScreen.toggle })
  useTimeKeys()
  useEffect(startNameTips, [])

  return (
    <div
      className={styles.page}
      data-bare={isBare}
      data-idle={isIdle}
      data-chosen={isSelected && !isLed}
      data-full={fullScreen.on}
      data-side={side}
      style={footStyle}
    >
      <Guard view="The header">
        <Header settings={settings} n={n} dialog={dialog} openDialog={setDialog} />
      </Guard>
      <Banner />
      <main ref={views} className={styles.views}>
        <Guard view="The views">
          <Views
            width={size.width}
            height={size.height}
            n={n}
            fullScreen={fullScreen}
            findings={(isIdle || isBare) && <FindingsButton onClick={panel.toggle} />}
          />
        </Guard>
      </main>
      {/* Without controls in it, it must be scrollable by keyboard itself. */}
      <aside className={styles.inspector} aria-label={SIDES[side]} tabIndex={isSelected ? -1 : 0}>
        <span className={styles.rail} hidden={isSelected || isHeld || side !== 'inspector'}>
          <IconButton
            label={panel.isOpen ? 'Hide the measures' : 'Show the measures'}
            aria-expanded={panel.isOpen}
            onClick={panel.toggle}
          >
            {panel.isOpen ? <PanelRightClose size={18} aria-hidden /> : <PanelRightOpen size={18} aria-hidden />}
          </IconButton>
        </span>
        <div className={styles.side}>
          <SidePanel />
        </div>
      </aside>
      <footer ref={foot} className={styles.foot}>
        <Guard view="The bar of time">
          <TimeBar fork={<ForkButton />} />
        </Guard>
        <Guard view="The console">
          <Console />
        </Guard>
      </footer>
      <Guard view="The voice for screen readers">
        <Announcer />
      </Guard>
      {client && <FileDrop />}
    </div>
  )
}

/** Whether the panel is open while nothing is selected: as a person asked; at a desk, findings open it too. */
function usePanel(isFull: boolean) {
  const isHall = useStore(usePage().projector)
  const hasFindings = usePageState(({ findings }) => findings > 0)
  const [asked, setAsked] = useState<{ readonly [place: string]: boolean }>({})
  const place = isFull ? 'full screen' : isHall ? 'hall' : 'desk'
  const isOpen = asked[place] ?? (hasFindings && place === 'desk')
  return { isOpen, toggle: () => setAsked({ ...asked, [place]: !isOpen }) }
}
