/** Explains the marks, the keys and the commands. */
import type { ReactNode } from 'react'
import { COMMAND_GROUPS } from '../../shared/language/command-forms.ts'
import { DIFFERS, SIMULATED } from '../model/network-words.ts'
import styles from '../ui/Dialog.module.css'
import { Modal, type OpenProps } from '../ui/Modal.tsx'
import { usePage } from '../ui/page.ts'
import { CRASHED, LOSS, RING, RUMOR, STATUS } from '../ui/signs.tsx'
import { ACTING_SHORTCUTS, INVITE_KEYS, SHORTCUTS, type Shortcut } from './use-shortcuts.ts'
import { CLOCK_SHORTCUTS, TIME_SHORTCUTS } from './use-time-keys.ts'

const SIGNS: readonly (readonly [string, ReactNode, string])[] = [
  ['rumor', RUMOR, 'a rumor: a copy of one message on its way, in the message’s colour'],
  ['status', STATUS, 'a status: how many messages of each origin its sender has'],
  ['lost', LOSS, 'lost: the datagram ended here and did not arrive'],
  ['ring', RING, 'a node’s ring: one segment for each message that it has; a closed ring means all'],
  ['crashed', CRASHED, 'crashed: the node’s copies are lost'],
]

/** Forms of commands that need a server or a process. */
const NOT_SIMULATED = /^viewers|^<id> signal/

export default function HelpDialog(props: OpenProps) {
  const { isAlone } = usePage()
  return (
    <Modal {...props} title="Help" lead="You can do everything on this page with the keyboard or with a command.">
      <h3>On the stage</h3>
      <dl className={styles.list}>
        {SIGNS.map(([name, drawing, words]) => (
          <Item key={name} term={drawing} words={words} />
        ))}
      </dl>
      <h3>Keys that change your view</h3>
      <Keys of={[...(isAlone ? CLOCK_SHORTCUTS : TIME_SHORTCUTS), ...SHORTCUTS]} />
      <h3>Keys that change the lab</h3>
      <p>A letter alone never changes the lab. On a Mac, Alt is Option (⌥) and works outside text fields.</p>
      <Keys of={isAlone ? ACTING_SHORTCUTS.filter(({ keys }) => keys !== INVITE_KEYS) : ACTING_SHORTCUTS} />
      <h3>Time</h3>
      {isAlone ? (
        <p>
          This lab is {SIMULATED}. {DIFFERS} The bar at the bottom sets the speed of that clock, from 1/1000 to 1000
          times, and moves this view into the past. Next event runs the clock to the next event. In the console,{' '}
          <code>until agreed</code> runs it until a condition of a scenario is true, and <code>sleep 5s</code> for that
          long. The address holds the whole experiment: its link repeats the run.
        </p>
      ) : (
        <p>
          The bar at the bottom moves this view through time while the processes keep running. When you act, the view
          returns to live; in slow motion, it stays slow. Slow motion skips quiet stretches and always shows the real
          time.
        </p>
      )}
      <h3>Commands</h3>
      {COMMAND_GROUPS.map(({ title, forms: all }) => {
        const forms = isAlone ? all.filter(({ form }) => !NOT_SIMULATED.test(form)) : all
        return forms.length === 0 ? null : (
          <section key={title}>
            <h4>{title}</h4>
            <dl className={styles.forms}>
              {forms.map(({ form, does }) => (
                <Item key={form} term={form} words={does} />
              ))}
            </dl>
          </section>
        )
      })}
    </Modal>
  )
}

function Keys({ of }: { readonly of: readonly Shortcut[] }) {
  return (
    <dl className={styles.list}>
      {of.map(({ keys, does }) => (
        <Item key={does} term={keys} words={does} />
      ))}
    </dl>
  )
}

function Item({ term, words }: { readonly term: ReactNode; readonly words: string }) {
  return (
    <>
      <dt>{term}</dt>
      <dd>{words}</dd>
    </>
  )
}
