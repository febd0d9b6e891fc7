import { type Stats, statSync } from 'node:fs'

/** Follows links. Returns undefined where no such file can be seen: missing, in a closed folder, or under an impossible name. */
export function statOfFile(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}
