import { useState } from 'react'
import { usePage } from './page.ts'

export interface Line {
  /** Sends a command. Resolves when it has been carried out: with false when it was refused. */
  readonly send: (line: string) => Promise<boolean>
  /** Reason why the last one was refused; null when it was not. */
  readonly error: string | null
}

/** A command of a button or a key, and the lab's refusal. */
export function useLine(): Line {
  const { act } = usePage()
  const [error, setError] = useState<string | null>(null)
  return {
    error,
    async send(line) {
      const reply = await act(line)
      setError(reply.ok ? null : reply.error)
      return reply.ok
    },
  }
}
