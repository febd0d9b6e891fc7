/** Acts on a node: a message, its chat log, a crash, a restart. */
import { type FormEvent, useState } from 'react'
import type { NodeState } from '../../shared/model/lab-state.ts'
import { nodeName } from '../../shared/model/names.ts'
import { chatLogLine, crashLine, messageLine, restartLine } from '../model/lines.ts'
import { focusNode } from '../ui/message-field.ts'
import { usePage, usePageState } from '../ui/page.ts'
import { Refusal } from '../ui/Refusal.tsx'
import { Button, Field } from '../ui/ui.tsx'
import { useLine } from '../ui/use-line.ts'
import styles from './Inspector.module.css'

export function NodeActions({ node }: { readonly node: NodeState }) {
  const { store } = usePage()
  const { send, error } = useLine()
  const settings = usePageState(({ lab }) => lab.settings)
  const live = usePageState(({ connection }) => connection.phase === 'live')
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const runs = node.status === 'running'

  async function run(line: string) {
    setBusy(true)
    const done = await send(line)
    setBusy(false)
    return done
  }
  async function say(event: FormEvent) {
    event.preventDefault()
    const typed = text
    if (typed.trim() === '') return
    setText('')
    const sent = await run(messageLine(node, typed, store.getState().lab))
    if (!sent) setText((since) => since || typed)
  }

  return (
    <>
      {runs && !node.ending && (
        <form className={styles.form} onSubmit={say}>
          <Field
            aria-label="Message text"
            data-message-to={node.id}
            placeholder={`message for ${nodeName(node.id)}`}
            value={text}
            onChange={({ target }) => setText(target.value)}
            onKeyDown={({ key }) => {
              if (key === 'Escape') focusNode(node.id)
            }}
          />
          <Button type="submit" kind="primary" disabled={!live}>
            Send
          </Button>
        </form>
      )}
      <div className={styles.buttons}>
        {runs && (
          <>
            <Button
              disabled={!live || busy || node.ending}
              aria-keyshortcuts="Alt+L"
              onClick={() => {
                store.setState({ drawer: true })
                void run(chatLogLine(node))
              }}
            >
              Chat log
            </Button>
            <Button
              kind="warning"
              disabled={!live || busy}
              aria-keyshortcuts="Alt+X"
              onClick={() => void run(crashLine(node))}
            >
              Crash
            </Button>
          </>
        )}
        {!runs && node.status !== 'starting' && settings && (
          <Button
            kind="primary"
            disabled={!live || busy}
            aria-keyshortcuts="Alt+R"
            onClick={() => void run(restartLine(node, settings))}
          >
            {node.status === 'absent' ? 'Start' : 'Restart'}
          </Button>
        )}
      </div>
      <Refusal error={error} />
    </>
  )
}
