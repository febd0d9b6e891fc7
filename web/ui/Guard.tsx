/**
 * Isolates a view that fails: it shows plain words and leaves the others alone. A failure outside of all views takes
 * the page.
 */
import { RotateCw } from 'lucide-react'
import { Component, type ReactNode } from 'react'
import styles from './Trouble.module.css'
import { ReloadButton, Technical } from './Trouble.tsx'
import { Button } from './ui.tsx'

interface Props {
  /** Name at the beginning of a sentence: "The stage". */
  readonly view: string
  /** The whole page has failed. */
  readonly isAll?: boolean
  readonly children: ReactNode
}

interface State {
  readonly error: string | null
  /** It has failed, was retried, and has failed again. */
  readonly again: boolean
}

export class Guard extends Component<Props, State> {
  override state: State = { error: null, again: false }

  static getDerivedStateFromError(error: unknown): Pick<State, 'error'> {
    return { error: error instanceof Error ? error.message : String(error) }
  }

  override render() {
    const { view, isAll = false, children } = this.props
    const { error, again } = this.state
    if (error === null) return children
    return (
      <div role="alert" className={styles.failed} data-all={isAll}>
        <p>
          <strong>{view} cannot be shown.</strong>{' '}
          {isAll ? 'The lab is not affected.' : 'The rest of the page still works.'}
          {again && ' Trying again did not help. Reload the page; the lab loses nothing.'}
        </p>
        <div className={styles.ways}>
          <Button onClick={() => this.setState({ error: null, again: true })}>
            <RotateCw size={16} aria-hidden /> Try again
          </Button>
          {(again || isAll) && <ReloadButton />}
          <Technical text={error} />
        </div>
      </div>
    )
  }
}
