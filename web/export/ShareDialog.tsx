/** Exports a lab: a recording, a page in one file, a picture, a log for another tool, or a link. */
import { type ReactNode, useId, useRef, useState } from 'react'
import { MAX_PAST_EVENTS } from '../../shared/model/past-bounds.ts'
import { formatInstant, formatMs, plural } from '../../shared/text/format.ts'
import { type Span, spanOf, wholeOf } from '../model/event-span.ts'
import { InWords, makingTrouble, type Trouble } from '../model/trouble.ts'
import { hashOf, placeOf } from '../store/address.ts'
import { download } from '../store/files/download.ts'
import { openLastLab } from '../store/files/open-last-lab.ts'
import { fileName, savedWords, saveRecording } from '../store/files/recording-file.ts'
import type { LabHeader } from '../store/store.ts'
import { copied, NO_CLIPBOARD } from '../ui/clipboard.ts'
import dialog from '../ui/Dialog.module.css'
import { Modal, type OpenProps } from '../ui/Modal.tsx'
import { type Page, usePage, usePageState } from '../ui/page.ts'
import { Technical } from '../ui/Trouble.tsx'
import { Button, Field } from '../ui/ui.tsx'
import { useLabTime } from '../ui/use-lab-time.ts'
import { type Pictured, type PictureOptions, pictureAsPng, pictureAsSvg } from './picture.ts'
import styles from './ShareDialog.module.css'
import { shivizLog } from './shiviz.ts'
import { isOneFile, webPageOf } from './web-page.ts'

/** Length of the past saved before the instant on screen, in ms: enough for the diagram to have its datagrams. */
const LATELY_MS = 30_000
const MOMENT_MS = 3_000
/** Interval at which the figures are refreshed, in ms. */
const EVERY_MS = 1_000

type Stretch = 'all' | 'chosen' | 'lately' | 'moment'

export default function ShareDialog(props: OpenProps) {
  const page = usePage()
  const [wanted, setStretch] = useState<Stretch>('all')
  const span = usePageState((state) => state.span)
  // The range may have vanished with its network.
  const stretch = wanted === 'chosen' && !span ? 'all' : wanted
  const [said, setSaid] = useState<Trouble>({ words: '' })
  const [isWhole, setWhole] = useState(isOneFile)
  const recording = usePageState((state) => state.recording !== null)
  const lastLab = usePageState((state) => state.lastLab)
  const [picture, setPicture] = useState<PictureOptions>({ title: 'Rumorscope', matrix: false })
  const openLast = () => {
    void openLastLab(page.store, page.files)
    props.onOpenChange(false)
  }
  const run = (act: () => Promise<string>) => () => {
    setSaid({ words: 'Working …' })
    act().then(
      (words) => setSaid({ words }),
      (error: unknown) => setSaid(makingTrouble(error)),
    )
  }
  return (
    <Modal
      {...props}
      title="Share"
      lead="Files are made on this computer, and nothing is uploaded. The lab keeps running."
    >
      <Stretches stretch={stretch} setStretch={setStretch} />
      <div className={styles.ways}>
        <Way
          name="Recording"
          does="to open in this page or in pandas"
          act={run(async () => saveRecording(headerOf(page), await chosen(page, stretch)))}
        />
        <Way
          name="Web page"
          does="one file that opens anywhere, offline too"
          act={run(() => saveWebPage(page, stretch, isWhole))}
        />
        <Way name="ShiViz log" does="events with vector clocks" act={run(() => saveLog(page, stretch))} />
      </div>
      {!isOneFile() && (
        <label className={styles.whole}>
          <input type="checkbox" checked={isWhole} onChange={({ target }) => setWhole(target.checked)} /> The web page
          can go on in simulation, and is half a megabyte larger
        </label>
      )}
      <h3 className={styles.heading}>Picture or link of this instant</h3>
      <PictureFields options={picture} setOptions={setPicture} />
      <div className={styles.ways}>
        <Way name="PNG" does="for slides" act={run(() => savePicture(page, 'png', picture))} />
        <Way name="SVG" does="to print or edit" act={run(() => savePicture(page, 'svg', picture))} />
        <Way
          name="Link"
          does={recording ? 'to this instant of this recording' : 'to this instant, as long as the lab keeps it'}
          act={run(() => copyLink(page))}
        />
      </div>
      <h3 className={styles.heading}>Open a file</h3>
      <div className={styles.open}>
        <FileButton onOpen={() => props.onOpenChange(false)} />
        {lastLab && <Button onClick={openLast}>Open the last lab’s recording</Button>}
      </div>
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
}

function Stretches({ stretch, setStretch }: StretchesProps) {
  const page = usePage()
  // The lab goes on while the dialog is open, and the file contains its state at the time of saving.
  const at = useLabTime(EVERY_MS)
  const name = useId()
  const span = usePageState((state) => state.span)
  const options: readonly (readonly [Stretch, string])[] = [
    ['all', allWords(page)],
    ...(span
      ? [['chosen', `Selection in space-time, ${formatInstant(span.from)} to ${formatInstant(span.to)}`] as const]
      : []),
    ['lately', `The ${formatMs(LATELY_MS)} before the instant shown, ${formatInstant(at)}`],
    ['moment', 'This instant only'],
  ]
  return (
    <fieldset className={styles.stretches}>
      <legend>Events to save</legend>
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

interface PictureProps {
  readonly options: PictureOptions
  readonly setOptions: (options: PictureOptions) => void
}

function PictureFields({ options, setOptions }: PictureProps) {
  const title = useId()
  return (
    <div className={styles.picture}>
      <label htmlFor={title}>
        Title{' '}
        <Field
          id={title}
          value={options.title}
          maxLength={200}
          onChange={({ target }) => setOptions({ ...options, title: target.value })}
        />
      </label>
      <label>
        <input
          type="checkbox"
          checked={options.matrix}
          onChange={({ target }) => setOptions({ ...options, matrix: target.checked })}
        />{' '}
        Include the spread
      </label>
    </div>
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
    <>
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
    </>
  )
}

/** More than the page has, if the lab has more: the rest is fetched on demand. */
function allWords({ store }: Page): string {
  const { events, from, to, last } = store.past.history
  const { recording, connection, beginning } = store.getState()
  const has = `${plural(events.length, 'event')}, ${formatInstant(from)} to ${formatInstant(to)}`
  if (recording) return `Whole recording: ${has}`
  if (connection.phase !== 'live') return `Everything this page has: ${has}`
  if (beginning !== 'more') return `Everything the lab still has: ${has}`
  const count = Math.min(last - connection.oldest + 1, MAX_PAST_EVENTS)
  return `Everything the lab still has: ${plural(count, 'event')}, up to ${formatInstant(to)}`
}

async function chosen({ store, player, fetchPast }: Page, stretch: Stretch): Promise<Span> {
  const { span } = store.getState()
  if (stretch === 'all') {
    await fetchPast(Number.NEGATIVE_INFINITY)
    return wholeOf(store.past)
  }
  if (stretch === 'chosen' && span) return spanOf(store.past, span.from, span.to)
  const to = player.at
  const from = to - (stretch === 'lately' ? LATELY_MS : MOMENT_MS)
  await fetchPast(from)
  return spanOf(store.past, from, to)
}

/** Also of a vanished lab: the page still has it. */
function headerOf({ store }: Page): LabHeader {
  const { recording, header } = store.getState()
  const shown = recording?.header ?? header
  if (shown) return shown
  throw new InWords('This page has no events yet. Try again when the lab responds.')
}

/** Null before the page has seen a lab; a picture is possible all the same. */
function beganAtOf({ store }: Page): number | null {
  const { recording, header } = store.getState()
  return (recording?.header ?? header)?.beganAt ?? null
}

async function saveWebPage(page: Page, stretch: Stretch, isWhole: boolean): Promise<string> {
  const span = await chosen(page, stretch)
  const name = fileName('html')
  const { lab, beganAt } = headerOf(page)
  const place = { ...placeOf(page.store.getState(), page.player.at, page.player.event), t: page.player.at, lab }
  download(name, await webPageOf({ name, header: { lab, beganAt }, ...span }, hashOf(place), isWhole))
  return savedWords('page', span.events.length)
}

async function saveLog(page: Page, stretch: Stretch): Promise<string> {
  const span = await chosen(page, stretch)
  download(fileName('shiviz.log'), new Blob([shivizLog(span)], { type: 'text/plain' }))
  return savedWords('log', span.events.length)
}

const DRAWN = { png: pictureAsPng, svg: pictureAsSvg }

async function savePicture(page: Page, ending: keyof typeof DRAWN, options: PictureOptions): Promise<string> {
  const { lab } = page.store.getState()
  const pictured: Pictured = { lab, at: page.player.at, beganAt: beganAtOf(page), easel: page.easel }
  download(fileName(ending), await DRAWN[ending](pictured, options))
  return 'Picture saved.'
}

async function copyLink(page: Page): Promise<string> {
  const { store, player, addressOf } = page
  const place = { ...placeOf(store.getState(), player.at, player.event), t: player.at, lab: headerOf(page).lab }
  const link = `${location.href.replace(/#.*$/, '')}${addressOf(place)}`
  return (await copied(link)) ? 'Link copied.' : `${NO_CLIPBOARD} Copy this link yourself: ${link}`
}
