import { shown } from '../model/shown.ts'

/** Says how the lab would see datagrams of programs: mostly one command for a terminal. */
export function Remedy({ remedy }: { readonly remedy: string | undefined }) {
  if (remedy === undefined) return null
  const isCommand = remedy.startsWith('sudo ')
  return <p>To see them: {isCommand ? <code>{shown(remedy)}</code> : shown(remedy)}, then start the lab again.</p>
}
