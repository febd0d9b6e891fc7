/** A viewer's form, while the presenter lets viewers write: a name, a node, a text. */
import { type FormEvent, useEffect, useState } from 'react'
import { MAX_NAME_CHARS, MAX_SAYING_CHARS, nameProblem, sayingProblem, tidyName } from '../../shared/language/saying.ts'
import { shown } from '../model/shown.ts'
import { remember, remembered } from '../store/storage.ts'
import { usePage, usePageState } from '../ui/page.ts'
import uiStyles from '../ui/ui.module.css'
import { Button, Field } from '../ui/ui.tsx'
import styles from './SayLine.module.css'

const NAME_KEY = 'name'

export default function SayLine() {
  const { client } = usePage()
  const n = usePageState(({ lab }) => lab.nodes.length)
  const live = usePageState(({ connection }) => connection.phase === 'live')
  const [name, setName] = useState(() => remembered(NAME_KEY) ?? '')
  const [text, setText] = useState('')
  // Spreads viewers over the nodes, so that a class does not write to one node.
  const [assigned] = useState(Math.random)
  const selected = usePageState(({ selection }) => (selection?.kind === 'node' ? selection.id : null))
  const [chosen, setChosen] = useState(selected)
  useEffect(() => {
    if (selected !== null) setChosen(selected)
  }, [selected])
  const [said, setSaid] = useState<{ readonly error: boolean; readonly words: string } | null>(null)
  const node = Math.min(chosen ?? Math.floor(assigned * n), n - 1)

  async function send(event: FormEvent) {
    event.preventDefault()
    const problem = nameProblem(tidyName(name)) ?? sayingProblem(text)
    if (client === null) return
    if (problem !== undefined) return setSaid({ error: true, words: problem })
    remember(NAME_KEY, name)
    const reply = await client.sayTo(node, name, text)
    if (!reply.ok) return setSaid({ error: true, words: reply.error })
    setText('')
    setSaid({ error: false, words: `Sent to node ${node}` })
  }

  return (
    <form className={styles.say} onSubmit={send} aria-label="Say something">
      <Field
        className={styles.name}
        aria-label="Your name"
        placeholder="your name"
        maxLength={MAX_NAME_CHARS}
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <select
        className={`${uiStyles.field} ${styles.node}`}
        aria-label="To which node"
        value={node}
        onChange={({ target }) => setChosen(Number(target.value))}
      >
        {Array.from({ length: n }, (_, id) => id).map((id) => (
          <option key={id} value={id}>
            to node {id}
          </option>
        ))}
      </select>
      <Field
        className={styles.text}
        aria-label="Message text"
        placeholder="say something"
        maxLength={MAX_SAYING_CHARS}
        enterKeyHint="send"
        value={text}
        onChange={({ target }) => {
          setText(target.value)
          setSaid(null)
        }}
      />
      <Button type="submit" kind="primary" disabled={!live || n === 0}>
        Send
      </Button>
      <span className={styles.said} role="status" data-error={said?.error}>
        {said && shown(said.words)}
      </span>
    </form>
  )
}
