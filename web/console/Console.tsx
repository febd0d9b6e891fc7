/** The console: one input line, and a drawer with all commands and answers, typed or clicked, of everybody. */
import { ChevronDown, ChevronUp } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { CommandEcho } from '../../shared/model/lab-state.ts'
import { isPossible } from '../../shared/model/lack-words.ts'
import { shown, shownLines } from '../model/shown.ts'
import type { LocalLine } from '../store/store.ts'
import { Later } from '../ui/Later.tsx'
import { useMayAct, usePage, usePageState } from '../ui/page.ts'
import { Button, Hidden } from '../ui/ui.tsx'
import styles from './Console.module.css'
import { HelpLines, isHelp } from './HelpLines.tsx'

const sayLine = () => import('./SayLine.tsx')
/** Null when it cannot be loaded: then the lab parses the line, or there is no lab. */
const loadLanguage = () => import('./language.ts').catch(() => null)
type Language = Awaited<ReturnType<typeof loadLanguage>>

export function Console() {
  const { store, client } = usePage()
  const drawer = usePageState((state) => state.drawer)
  const commands = usePageState(({ lab }) => lab.commands)
  // A page that was saved as a file has no lab for a command.
  const mayAct = useMayAct() && client !== null
  const mayChat = usePageState(({ lab }) => lab.viewersMay === 'chat') && client !== null
  const last = commands.at(-1)
  return (
    <section className={styles.console} aria-label="Console" data-open={drawer}>
      {drawer && <Drawer commands={commands} />}
      <div className={styles.bar}>
        {mayAct && <CommandLine />}
        {!mayAct && mayChat && (
          <Later name="the message field" load={sayLine}>
            {(SayLine) => <SayLine />}
          </Later>
        )}
        {last && (
          <span className={styles.last}>
            {saidBy(last)}: <strong>{shown(last.line)}</strong>
            {last.error !== undefined && <span className={styles.refusal}>: {shown(last.error)}</span>}
          </span>
        )}
        {mayAct && <span className={styles.hint}>Tab completes</span>}
        {mayAct && <span className={styles.hint}>↑ history</span>}
        <Button
          kind="quiet"
          aria-expanded={drawer}
          aria-label={drawer ? 'Close the console' : 'Open the console'}
          onClick={() => store.setState({ drawer: !drawer })}
        >
          {drawer ? <ChevronDown size={18} aria-hidden /> : <ChevronUp size={18} aria-hidden />}
        </Button>
      </div>
    </section>
  )
}

const AUTHORS: Readonly<Record<string, string>> = {
  page: 'from the page',
  console: 'typed',
  rest: 'from a script',
  proxy: 'over TCP',
  scenario: 'from a scenario',
}

const saidBy = ({ by, who }: Pick<CommandEcho, 'by' | 'who'>): string =>
  who === undefined ? (AUTHORS[by] ?? `from ${by}`) : `${shown(who)} says`

function CommandLine() {
  const { act, store, isAlone } = usePage()
  const [line, setLine] = useState('')
  const [options, setOptions] = useState<readonly string[]>([])
  const [language, setLanguage] = useState<Language>(null)
  const history = useHistory()

  async function run() {
    const typed = line.trimStart()
    if (typed.trim() === '') return
    history.add(typed)
    setLine('')
    setOptions([])
    store.setState({ drawer: true })
    // The clock of simulated nodes takes two words of scenarios, which the lab itself parses.
    const isForClock = isAlone && /^\s*(until|sleep)\b/.test(typed)
    const parsed = isForClock
      ? { ok: true as const }
      : ((await loadLanguage())?.parseCommand(typed) ?? { ok: true as const })
    const { last } = store.getState().lab
    if (parsed.ok) await act(typed, 'console')
    else store.say({ after: last, line: typed, error: `${' '.repeat(parsed.column - 1)}^ ${parsed.error}` })
  }

  /** Returns false when there is nothing to add. */
  function completeLine(complete: NonNullable<Language>['complete']): boolean {
    const { settings, nodes } = store.getState().lab
    const { n = 0, basePort = 0 } = settings ?? {}
    const completion = complete(line, { n, basePort, isAble: (ability) => isPossible(nodes, ability) })
    if (completion) {
      setLine(completion.line)
      setOptions(completion.options)
    }
    return completion !== null
  }

  function onKey(event: KeyboardEvent) {
    if (event.key === 'Enter') void run()
    else if (event.key === 'ArrowUp') setLine(history.older(line))
    else if (event.key === 'ArrowDown') setLine(history.newer())
    else if (event.key === 'Tab' && !event.shiftKey && line !== '') {
      // With nothing to add, the Tab key moves to the next control, so the focus is never trapped.
      if (!language || !completeLine(language.complete)) return
    } else if (event.key === 'Escape') {
      store.setState({ drawer: false })
      setOptions([])
    } else return
    event.preventDefault()
  }

  return (
    <div className={styles.entry}>
      <span aria-hidden className={styles.prompt}>
        ›
      </span>
      <input
        className={styles.input}
        aria-label="Command"
        data-command-line
        placeholder="0 msg 1 hello"
        value={line}
        onChange={({ target }) => {
          setLine(target.value)
          setOptions([])
        }}
        onFocus={() => void loadLanguage().then(setLanguage)}
        onKeyDown={onKey}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        enterKeyHint="send"
      />
      {options.length > 0 && (
        <output className={styles.options}>
          <Hidden>Possible words: </Hidden>
          {options.join('  ')}
        </output>
      )}
    </div>
  )
}

function useHistory() {
  const lines = useRef<string[]>([])
  const place = useRef(0)
  const draft = useRef('')
  return {
    add(line: string) {
      if (lines.current.at(-1) !== line) lines.current.push(line)
      place.current = lines.current.length
    },
    older(current: string): string {
      if (place.current === lines.current.length) draft.current = current
      place.current = Math.max(0, place.current - 1)
      return lines.current[place.current] ?? current
    },
    newer(): string {
      place.current = Math.min(lines.current.length, place.current + 1)
      return lines.current[place.current] ?? draft.current
    },
  }
}

function Drawer({ commands }: { readonly commands: readonly CommandEcho[] }) {
  const { client } = usePage()
  const localLines = usePageState((state) => state.localLines)
  const scroller = useRef<HTMLDivElement>(null)
  const entries = merge(commands, localLines)
  // Not their number: the state remembers only the last ones.
  const latest = entries.at(-1)?.key
  useEffect(() => {
    const element = scroller.current
    if (!element || latest === undefined) return
    element.scrollTop = element.scrollHeight
    // Scrolls a long answer to its beginning.
    const newest = element.querySelector('ol > li:last-child')
    const above = newest ? element.getBoundingClientRect().top - newest.getBoundingClientRect().top : 0
    if (above > 0) element.scrollTop -= above
  }, [latest])
  return (
    <div
      ref={scroller}
      className={styles.drawer}
      role="log"
      aria-label="Commands and replies"
      tabIndex={latest === undefined ? -1 : 0}
    >
      {latest === undefined && (
        <p className={styles.quiet}>
          {client ? 'No commands yet. Type help to list them.' : 'This recording has no commands.'}
        </p>
      )}
      <ol>
        {entries.map(({ key, by, line, output, error }) => (
          <li key={key}>
            <p>
              <span className={styles.prompt}>› </span>
              {shown(line)} <span className={styles.by}>{by}</span>
            </p>
            {output.length > 0 && (isHelp(line) ? <HelpLines lines={output} /> : <pre>{shownLines(output)}</pre>)}
            {error !== undefined && <pre className={styles.error}>{shown(error)}</pre>}
          </li>
        ))}
      </ol>
    </div>
  )
}

interface Entry {
  readonly key: string
  readonly after: number
  readonly by: string
  readonly line: string
  readonly output: readonly string[]
  readonly error?: string
}

/** Returns the commands of everybody, and the lines that this page could not send, in order. */
function merge(commands: readonly CommandEcho[], local: readonly LocalLine[]): Entry[] {
  const entries: Entry[] = [
    ...commands.map(({ n, by, ...rest }) => ({ key: `${n}`, after: n, by: saidBy({ by, ...rest }), ...rest })),
    ...local.map((line, index) => ({ key: `local ${index}`, by: 'not sent', output: [], ...line })),
  ]
  return entries.sort((a, b) => a.after - b.after)
}
