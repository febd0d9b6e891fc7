/** Lists the lessons: what each shows, and how long it takes. */
import { X } from 'lucide-react'
import type { ChangeEvent } from 'react'
import type { Pace } from '../model/lessons/pace.ts'
import { useIsSimulated, usePage, usePageState } from '../ui/page.ts'
import { IconButton } from '../ui/ui.tsx'
import styles from './LessonList.module.css'
import lesson from './Lessons.module.css'
import type { BrokenLesson, LoadedLesson } from './library.ts'
import { whyNoLesson } from './why-no-lesson.ts'

interface Props {
  readonly library: { readonly lessons: readonly LoadedLesson[]; readonly broken: readonly BrokenLesson[] }
  readonly pace: Pace
  readonly setPace: (pace: Pace) => void
  readonly open: (lesson: LoadedLesson) => void
  readonly close: () => void
}

export function LessonList({ library: { lessons, broken }, pace, setPace, open, close }: Props) {
  const live = usePageState(({ connection }) => connection.phase === 'live')
  const nodes = usePageState(({ lab }) => lab.nodes)
  const hasProgram = nodes.some(({ program }) => program)
  const isSimulated = useIsSimulated()
  const minutes = lessons.reduce((sum, { lesson }) => sum + lesson.minutes, 0)
  return (
    <section className={lesson.panel} aria-label="Lessons">
      <div className={lesson.head}>
        <h2>Lessons</h2>
        <IconButton label="Close the lessons" onClick={close}>
          <X size={18} aria-hidden />
        </IconButton>
      </div>
      <p className={lesson.quiet}>
        Predict what happens, then watch {isSimulated ? 'simulated nodes' : 'real processes'} do it. Each lesson starts
        its own network. {lessons.length} lessons, {minutes} minutes.
      </p>
      {hasProgram && (
        <p className={lesson.quiet}>
          Lessons are about Rumorscope’s own nodes. Yours may behave in another way. For all lessons, run{' '}
          <code>npm start</code> without <code>--program</code>.
        </p>
      )}
      <ol className={styles.lessons}>
        {lessons.map((loaded, index) => {
          const why = whyNoLesson(loaded.lesson, { nodes })
          return (
            <li key={loaded.file}>
              <button type="button" disabled={!live || why !== undefined} title={why} onClick={() => open(loaded)}>
                <span className={styles.number}>{index + 1}</span>
                <strong>{loaded.lesson.title}</strong>
                <span className={styles.minutes}>{loaded.lesson.minutes} min</span>
                <span className={styles.shows}>{why ?? loaded.lesson.shows}</span>
              </button>
            </li>
          )
        })}
      </ol>
      {broken.map(({ file, problems }) => (
        <div key={file} className={styles.broken} role="alert">
          <p>{file} has errors:</p>
          {problems.map((problem) => (
            <p key={problem}>{problem}</p>
          ))}
        </div>
      ))}
      <label className={lesson.pace}>
        <input
          type="checkbox"
          checked={pace === 'quick'}
          onChange={({ target }) => setPace(target.checked ? 'quick' : 'class')}
        />
        Ten times as fast, to try a lesson alone
      </label>
      <ScenarioChooser />
    </section>
  )
}

function ScenarioChooser() {
  const { files } = usePage()
  function choose({ target }: ChangeEvent<HTMLInputElement>) {
    const [file] = target.files ?? []
    if (file) void files.open(file)
  }
  return (
    <div className={styles.chooser}>
      <h3>Your own scenario</h3>
      <p className={lesson.quiet}>
        Open a file of commands, or an .input file of the course. You can also drop the file on the page.
      </p>
      <label className={styles.file}>
        <input type="file" accept=".scenario,.input,.txt,text/plain" onChange={choose} />
        <span>Open a scenario</span>
      </label>
    </div>
  )
}
