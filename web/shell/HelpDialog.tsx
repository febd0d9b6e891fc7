/** Explains the marks, the keys and the commands. */
import type { ReactNode } from 'react'
import { COMMAND_GROUPS } from '../../shared/language/command-forms.ts'
import styles from '../ui/Dialog.module.css'
import { Modal, type OpenProps } from '../ui/Modal.tsx'
import { CRASHED, LOSS, RING, RUMOR, STATUS } from '../ui/signs.tsx'
import { ACTING_SHORTCUTS, SHORTCUTS, type Shortcut } from './use-shortcuts.ts'
import { TIME_SHORTCUTS } from './use-time-keys.ts'

const SIGNS: readonly (readonly [string, ReactNode, string])[] = [
  ['rumor', RUMOR, 'a rumor: one message, in its colour'],
  ['status', STATUS, 'a status: how much of each origin its sender holds'],
  ['lost', LOSS, 'lost: a datagram that did not get through, where it ended'],
  ['ring', RING, 'a node’s ring: a segment for each message; closed = it has them all'],
  ['crashed', CRASHED, 'crashed: its copies are lost'],
]

export default function HelpDialog(props: OpenProps) {
  return (
    <Modal {...props} title="Help" lead="Everything on the page can be done by keyboard, and by a command.">
      <h3>On the stage</h3>
      <dl className={styles.list}>
        {SIGNS.map(([name, drawing, words]) => (
          <Item key={name} term={drawing} words={words} />
        ))}
      </dl>
      <h3>Keys that look</h3>
      <Keys of={[...TIME_SHORTCUTS, ...SHORTCUTS]} />
      <h3>Keys that act on the lab</h3>
      <p>A letter alone never changes the lab. On a Mac, Alt is Option (⌥), and acts outside of text fields.</p>
      <Keys of={ACTING_SHORTCUTS} />
      <h3>Time</h3>
      <p>
        The bar at the bottom moves this view through time; the processes run on. When you act, the view goes live; in
        slow motion it stays slow. Slow motion skips quiet stretches, and always shows the real time.
      </p>
      <h3>Commands</h3>
      {COMMAND_GROUPS.map(({ title, forms }) => (
        <section key={title}>
          <h4>{title}</h4>
          <dl className={styles.forms}>
            {forms.map(({ form, does }) => (
              <Item key={form} term={form} words={does} />
            ))}
          </dl>
        </section>
      ))}
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
