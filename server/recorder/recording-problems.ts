import type { Lab } from '../../shared/lab/lab.ts'

/**
 * Gives each recording of a lab its way to tell what keeps it from being whole, and null when nothing does any more. The
 * lab tells the problems of all of them.
 */
export function recordingProblems({ journal }: Lab): () => (problem: string | null) => void {
  const problems = new Map<object, string>()
  return () => {
    const recording = {}
    return (problem) => {
      if (problem === null) problems.delete(recording)
      else problems.set(recording, problem)
      journal.append({ type: 'recording', problem: problems.size === 0 ? null : [...problems.values()].join('; ') })
    }
  }
}
