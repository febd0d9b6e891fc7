/** A view that fails says so and leaves the others alone. What fails outside of all views is the page. */
import { Component, type ReactNode } from 'react'
import { Button } from './ui.tsx'

interface Props {
  readonly view: string
  readonly children: ReactNode
}

export class Guard extends Component<Props, { readonly error: string | null }> {
  override state = { error: null }

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error.message : String(error) }
  }

  override render() {
    if (this.state.error === null) return this.props.children
    return (
      <div role="alert" style={{ padding: 'var(--space-3)' }}>
        <p>
          {this.props.view} failed: {this.state.error}
        </p>
        <Button onClick={() => this.setState({ error: null })}>Try again</Button>
      </div>
    )
  }
}
