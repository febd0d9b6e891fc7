import type { Lab } from '../../shared/lab/lab.ts'

/**
 * Lets each recording of a lab report why it is incomplete, and null when it is complete again. The lab reports the
 * problems of all of them.
 */
export function recordingProblems({ sequencer }: Lab): () => (problem: string | null) => void {
  const problems = new Map<object, string>()
  return () => {
    const recording = {}
    return (problem) => {
      if (problem === null) problems.delete(recording)
      else problems.set(recording, problem)
      sequencer.append({ type: 'recording', problem: problems.size === 0 ? null : [...problems.values()].join('; ') })
    }
  }
}
