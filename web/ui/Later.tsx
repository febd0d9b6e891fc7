/** Loads parts on demand: shows that they are loading, or why they cannot load. */
import { type ComponentType, type ReactNode, useCallback, useEffect, useState } from 'react'
import { capital } from '../../shared/text/words.ts'
import { usePage } from './page.ts'
import { Button } from './ui.tsx'

interface Props<Part> {
  /** Name in the middle of a sentence: "the lessons". */
  readonly name: string
  /** Must always be the same function, as of a module. */
  readonly load: () => Promise<{ readonly default: ComponentType<Part> }>
  readonly children: (Part: ComponentType<Part>) => ReactNode
}

/** A view: if it cannot load, its place says so. */
export function Later<Part>({ name, load, children }: Props<Part>): ReactNode {
  const { part, failed, again } = useLate(load)
  if (part) return children(part)
  if (!failed) return <p role="status">Loading {name} …</p>
  return (
    <div role="alert">
      <p>{missing(name)}</p>
      <Button onClick={again}>Try again</Button>
    </div>
  )
}

interface DialogProps<Part> extends Props<Part> {
  readonly onOpenChange: (open: boolean) => void
}

/** A dialog: if it cannot load, it closes again, and the page says why. */
export function LaterDialog<Part>({ name, load, onOpenChange, children }: DialogProps<Part>): ReactNode {
  const { store } = usePage()
  const { part, failed } = useLate(load)
  useEffect(() => {
    if (!failed) return
    store.setState({ notice: { words: missing(name) } })
    onOpenChange(false)
  }, [store, name, failed, onOpenChange])
  return part && children(part)
}

const missing = (name: string) => `${capital(name)} could not be loaded because the lab does not respond.`

/** Retries automatically when the lab is back. */
function useLate<Part>(load: Props<Part>['load']) {
  const { store } = usePage()
  const [part, setPart] = useState<ComponentType<Part> | null>(null)
  const [failed, setFailed] = useState(false)
  const again = useCallback(() => {
    setFailed(false)
    load().then(
      (module) => setPart(() => module.default),
      () => setFailed(true),
    )
  }, [load])
  useEffect(again, [again])
  useEffect(() => {
    if (!failed) return
    return store.subscribe(({ connection }) => {
      if (connection.phase === 'live') again()
    })
  }, [store, failed, again])
  return { part, failed, again }
}
