/** Takes something of the lab away: a recording, a page in one file, a picture, a log for another tool, a link. */
import { type ReactNode, useId, useRef, useState } from 'react'
import { formatInstant, formatMs, plural } from '../../shared/format.ts'
import { writeRecording } from '../../shared/recording.ts'
import { hashOf, placeOf } from '../address.ts'
import { download } from '../files/download.ts'
import { InWords, makingTrouble, type Trouble } from '../files/trouble.ts'
import { type Page, usePage, usePageState } from '../page.ts'
import dialog from '../panels/Dialog.module.css'
import { Modal, type OpenProps } from '../panels/Modal.tsx'
import { Technical } from '../panels/Trouble.tsx'
import { Button } from '../panels/ui.tsx'
import { stageAsPng, stageAsSvg } from './picture.ts'
import styles from './ShareDialog.module.css'
import { shivizLog } from './shiviz.ts'
import { type Span, spanOf, wholeOf } from './span.ts'
import { webPageOf } from './web-page.ts'

/** What happened before the instant that is shown, in ms: enough for the diagram to have its arrows. */
const LATELY_MS = 30_000
const MOMENT_MS = 3_000

type Stretch = 'all' | 'chosen' | 'lately' | 'moment'

export default function ShareDialog(props: OpenProps) {
  const page = usePage()
  const [stretch, setStretch] = useState<Stretch>('all')
  const [said, setSaid] = useState<Trouble>({ words: '' })
  const recording = usePageState((state) => state.recording !== null)
  const [at] = useState(() => page.player.at)
  const run = (done: string, act: () => Promise<string | undefined>) => () => {
    act().then(
      (otherwise) => setSaid({ words: otherwise ?? done }),
      (error: unknown) => setSaid(makingTrouble(error)),
    )
  }
  return (
    <Modal
      {...props}
      title="Share"
      lead="Everything is made on this computer and nothing is sent anywhere. The lab goes on meanwhile."
    >
      <Stretches stretch={stretch} setStretch={setStretch} at={at} />
      <div className={styles.ways}>
        <Way
          name="Recording"
          does="opens again in this page, or in pandas"
          act={run('The recording is saved.', () => saveRecording(page, stretch))}
        />
        <Way
          name="Web page"
          does="one file that opens anywhere, without a network"
          act={run('The page is saved.', () => saveWebPage(page, stretch))}
        />
        <Way name="Log for ShiViz" does="vector clocks" act={run('The log is saved.', () => saveLog(page, stretch))} />
      </div>
      <h3 className={styles.heading}>The stage as it is now</h3>
      <div className={styles.ways}>
        <Way name="PNG" does="a picture" act={run('The picture is saved.', () => savePicture('png', stageAsPng))} />
        <Way
          name="SVG"
          does="to print or edit"
          act={run('The picture is saved.', () => savePicture('svg', stageAsSvg))}
        />
        <Way
          name="Link"
          does={recording ? 'to this instant of this recording' : 'to this instant, while the lab has it'}
          act={run('The link is copied.', () => copyLink(page))}
        />
      </div>
      <h3 className={styles.heading}>Open a file</h3>
      <FileButton onOpen={() => props.onOpenChange(false)} />
      <div role="status" className={dialog.lead}>
        {said.words}
        {said.technical !== undefined && <Technical text={said.technical} />}
      </div>
    </Modal>
  )
}

interface StretchesProps {
  readonly stretch: Stretch
  readonly setStretch: (stretch: Stretch) => void
  readonly at: number
}

function Stretches({ stretch, setStretch, at }: StretchesProps) {
  const { store } = usePage()
  const name = useId()
  const { events, from, to } = store.past.history
  const span = usePageState((state) => state.span)
  const options: readonly (readonly [Stretch, string])[] = [
    [
      'all',
      `All that this page has: ${plural(events.length, 'event')}, ${formatInstant(from)} to ${formatInstant(to)}`,
    ],
    ...(span
      ? [['chosen', `What is chosen in space-time, ${formatInstant(span.from)} to ${formatInstant(span.to)}`] as const]
      : []),
    ['lately', `The ${formatMs(LATELY_MS)} before the instant that is shown, ${formatInstant(at)}`],
    ['moment', 'This moment only'],
  ]
  return (
    <fieldset className={styles.stretches}>
      <legend>What happened</legend>
      {options.map(([value, words]) => (
        <label key={value}>
          <input
            type="radio"
            name={name}
            value={value}
            checked={stretch === value}
            onChange={() => setStretch(value)}
          />{' '}
          {words}
        </label>
      ))}
    </fieldset>
  )
}

interface WayProps {
  readonly name: string
  readonly does: ReactNode
  readonly act: () => void
}

function Way({ name, does, act }: WayProps) {
  return (
    <Button onClick={act} className={styles.way}>
      <strong>{name}</strong> <span>{does}</span>
    </Button>
  )
}

function FileButton({ onOpen }: { readonly onOpen: () => void }) {
  const { files } = usePage()
  const input = useRef<HTMLInputElement>(null)
  return (
    <div className={styles.open}>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="File to open"
        onChange={({ target }) => {
          const file = target.files?.[0]
          target.value = ''
          if (!file) return
          void files.open(file)
          onOpen()
        }}
      />
      <Button onClick={() => input.current?.click()}>Choose a file …</Button>
      <span>or drop it anywhere on the page</span>
    </div>
  )
}

function chosen({ store, player }: Page, stretch: Stretch): Span {
  const { span } = store.getState()
  if (stretch === 'all') return wholeOf(store.past)
  if (stretch === 'chosen' && span) return spanOf(store.past, span.from, span.to)
  return spanOf(store.past, player.at - (stretch === 'lately' ? LATELY_MS : MOMENT_MS), player.at)
}

function headerOf({ store }: Page): { readonly lab: string; readonly beganAt: number } {
  const { recording, connection } = store.getState()
  if (recording) return recording.header
  if (connection.phase === 'live') return { lab: connection.lab, beganAt: connection.beganAt }
  throw new InWords('The connection to the lab is lost. Try again when it is back.')
}

/** `rumorscope-2026-11-22-19-05`: sorts by time in a folder. */
const fileName = (ending: string) =>
  `rumorscope-${new Date().toISOString().slice(0, 16).replace(/[T:]/g, '-')}.${ending}`

async function saveRecording(page: Page, stretch: Stretch): Promise<undefined> {
  const { base, events } = chosen(page, stretch)
  download(fileName('jsonl'), new Blob([writeRecording(headerOf(page), base, events)], { type: 'application/jsonl' }))
}

async function saveWebPage(page: Page, stretch: Stretch): Promise<undefined> {
  const name = fileName('html')
  const { lab, beganAt } = headerOf(page)
  const place = { ...placeOf(page.store.getState(), page.player.at, page.player.event), t: page.player.at, lab }
  download(name, await webPageOf({ name, header: { lab, beganAt }, ...chosen(page, stretch) }, hashOf(place)))
}

async function saveLog(page: Page, stretch: Stretch): Promise<undefined> {
  download(fileName('shiviz.log'), new Blob([shivizLog(chosen(page, stretch))], { type: 'text/plain' }))
}

async function savePicture(ending: string, draw: () => Promise<Blob>): Promise<undefined> {
  download(fileName(ending), await draw())
}

async function copyLink(page: Page): Promise<string | undefined> {
  const { store, player } = page
  const place = { ...placeOf(store.getState(), player.at, player.event), t: player.at, lab: headerOf(page).lab }
  const link = `${location.href.replace(/#.*$/, '')}${hashOf(place)}`
  // Browsers give no clipboard to pages that did not come over a secure way, as in a class.
  if (!navigator.clipboard) return link
  return navigator.clipboard.writeText(link).then(
    () => undefined,
    // Nor does a browser that was told so, or that is not looked at.
    () => link,
  )
}
