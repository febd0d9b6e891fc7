/** Ends the programs of a lab that is killed: a small shell waits for the end of the lab, and knows their groups. */
import { type ChildProcess, spawn } from 'node:child_process'

/**
 * Reads `+ group` and `- group`. At the end of the input the lab has gone. The shell has a session of its own, so that a
 * Ctrl-C meant for the lab does not end it first.
 */
const SCRIPT = `
list=
while read -r sign group; do
  if [ "$sign" = + ]; then list="$list $group"
  else
    rest=
    for one in $list; do [ "$one" = "$group" ] || rest="$rest $one"; done
    list=$rest
  fi
done
for one in $list; do kill -s KILL -- "-$one"; done
`

export class OrphanGuard {
  #shell: ChildProcess | undefined
  readonly #groups = new Set<number>()

  /** Watches a process group. */
  add(group: number) {
    this.#groups.add(group)
    this.#tell(`+ ${group}`)
  }

  /** The group has ended. The shell ends with the last one: a check opens hundreds of networks. */
  remove(group: number) {
    if (!this.#groups.delete(group)) return
    this.#tell(`- ${group}`)
    if (this.#groups.size > 0) return
    this.#shell?.stdin?.end()
    this.#shell = undefined
  }

  #tell(line: string) {
    if (process.platform === 'win32') return
    this.#shell ??= this.#open()
    this.#shell.stdin?.write(`${line}\n`)
  }

  #open(): ChildProcess {
    const shell = spawn('/bin/sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
    shell.on('error', () => {})
    shell.stdin?.on('error', () => {})
    shell.unref()
    if (shell.stdin && 'unref' in shell.stdin && typeof shell.stdin.unref === 'function') shell.stdin.unref()
    return shell
  }
}
