/** Carries commands out: the one way to change the lab, for page, console, REST and scripts alike. */
import { COMMAND_FORMS, type Command, parseCommand } from '../../shared/command.ts'
import type { Author } from '../../shared/event.ts'
import { type Lab, LabRefusal } from './lab.ts'

export type Outcome =
  | { readonly ok: true; readonly output: readonly string[] }
  | { readonly ok: false; readonly error: string; readonly column?: number }

export class Executor {
  readonly #lab: Lab
  /** The last command of each node, and of the whole network: those to one node run in the order they came. */
  readonly #queues = new Map<number | 'network', Promise<unknown>>()

  constructor(lab: Lab) {
    this.#lab = lab
  }

  /** Carries one line out; resolves when it is done, with what proxy.py would print. Never rejects for bad input. */
  async execute(line: string, by: Author): Promise<Outcome> {
    const outcome = await this.#run(line)
    const echo = { type: 'command', by, line } as const
    if (outcome.ok) this.#lab.journal.append({ ...echo, output: outcome.output })
    else this.#lab.journal.append({ ...echo, output: [], error: outcome.error })
    return outcome
  }

  async #run(line: string): Promise<Outcome> {
    const parsed = parseCommand(line)
    if (!parsed.ok) return { ok: false, error: `${parsed.error} (column ${parsed.column})`, column: parsed.column }
    const { command } = parsed
    try {
      return { ok: true, output: await this.#inTurn('id' in command ? command.id : 'network', () => this.#do(command)) }
    } catch (error) {
      if (error instanceof LabRefusal) return { ok: false, error: error.message }
      throw error
    }
  }

  #inTurn<T>(queue: number | 'network', action: () => Promise<T>): Promise<T> {
    const turn = (this.#queues.get(queue) ?? Promise.resolve()).then(action)
    // The next one runs whatever became of this one.
    this.#queues.set(
      queue,
      turn.catch(() => {}),
    )
    return turn
  }

  async #do(command: Command): Promise<readonly string[]> {
    const lab = this.#lab
    switch (command.kind) {
      case 'start':
        await lab.startInLineOf(command.id, command.n, command.port)
        return []
      case 'msg':
        return lab.line(command.id, `msg ${command.messageId} ${command.text}`)
      case 'chatLog':
        return (await lab.line(command.id, 'get chatLog')).map((line) => line.replace(/^chatLog /, ''))
      case 'crash':
        await lab.crash(command.id)
        return []
      case 'exit':
        await lab.stopAll()
        return []
      case 'delay':
        lab.setLinkDelay(command.ms)
        return []
      case 'set':
        lab.setGossip(command.settings)
        return []
      case 'network': {
        const { n, topology, settings } = command
        await lab.startNetwork({ ...lab.settings, n, topology, gossip: { ...lab.settings.gossip, ...settings } })
        return []
      }
      case 'help':
        return COMMAND_FORMS.map(({ form, does }) => `${form}  ${does}`)
    }
  }
}
