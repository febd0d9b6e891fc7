/** Carries out commands: the one way to change the lab, for page, console, REST and scripts alike. */
import { type Command, parseCommand } from '../language/command.ts'
import type { HeldName, Release } from '../language/command-faults.ts'
import { formatCommand } from '../language/command-format.ts'
import { helpLines } from '../language/help.ts'
import { nameProblem, sayingProblem, tidyName } from '../language/saying.ts'
import type { Author } from '../model/event.ts'
import { describeHeld } from '../model/preview.ts'
import { cut } from '../text/words.ts'
import { goneWords, keptWords, sizeWords } from './after-words.ts'
import { type Lab, LabRefusal } from './lab.ts'

/** Length of the command output that the event stream keeps, in characters; the caller gets all of it. */
const MAX_ECHO_CHARS = 65_536

export type Outcome =
  | { readonly ok: true; readonly output: readonly string[] }
  /** `denied`: this person may not do it. */
  | { readonly ok: false; readonly error: string; readonly column?: number; readonly denied?: true }

/** A message from a viewer to a node. */
export interface Saying {
  readonly node: number
  readonly name: string
  readonly text: string
}

const WATCHING: Outcome = {
  ok: false,
  denied: true,
  error:
    'you are watching; only the presenter can control the lab. To control it, open the address with the key, which its ' +
    'terminal shows. A script sends the key in a header, authorization: Bearer <key>',
}
const NO_CHAT: Outcome = { ok: false, denied: true, error: 'the presenter does not accept messages from viewers now' }

export class Executor {
  readonly #lab: Lab

  constructor(lab: Lab) {
    this.#lab = lab
  }

  /**
   * Carries out one line. Resolves when it is done, with the output of proxy.py. A person also gets the effects of a
   * start or a new network that the line does not name; a scenario gets only proxy.py's output. Never rejects.
   */
  async execute(line: string, by: Author): Promise<Outcome> {
    // Leaves no trace in the sequencer: viewers could fill it.
    if (by === 'viewer') return WATCHING
    const outcome = await this.#run(line, by)
    const echo = { type: 'command', by, line: shorten(line) } as const
    if (outcome.ok) this.#lab.sequencer.append({ ...echo, output: outcome.output.map(shorten) })
    else this.#lab.sequencer.append({ ...echo, output: [], error: outcome.error })
    return outcome
  }

  /** Gives a node a viewer's message: the one action of viewers, while the presenter allows it. Never rejects. */
  async say({ node, name, text }: Saying): Promise<Outcome> {
    if (this.#lab.viewersMay !== 'chat') return NO_CHAT
    const who = tidyName(name)
    const problem = nameProblem(who) ?? sayingProblem(text)
    if (problem !== undefined) return { ok: false, error: problem }
    const line = formatCommand({ kind: 'msg', id: node, messageId: '1', text })
    const outcome = await this.#run(line, 'viewer')
    if (outcome.ok) this.#lab.sequencer.append({ type: 'command', by: 'viewer', who, line, output: [] })
    return outcome
  }

  async #run(line: string, by: Author): Promise<Outcome> {
    const parsed = parseCommand(line)
    if (!parsed.ok) return { ok: false, error: `${parsed.error} (column ${parsed.column})`, column: parsed.column }
    try {
      return { ok: true, output: await this.#do(parsed.command, by) }
    } catch (error) {
      if (error instanceof LabRefusal) return { ok: false, error: error.message }
      // The reply contains the error too, and the lab goes on.
      return { ok: false, error: this.#lab.platform.tellFault(error) }
    }
  }

  async #do(command: Command, by: Author): Promise<readonly string[]> {
    const lab = this.#lab
    const explains = by !== 'scenario'
    switch (command.kind) {
      case 'start':
        return sizeWords(command.n, await lab.startInLineOf(command.id, command.n, command.port)).filter(() => explains)
      case 'msg':
        await lab.msg(command.id, command.messageId, command.text)
        return []
      case 'chatLog':
        return [(await lab.chatLog(command.id)).replace(/^chatLog /, '')]
      case 'crash':
        // A file's lines follow one another without a pause, as those of proxy.py do.
        await (by === 'scenario' ? lab.crashInGrace(command.id) : lab.crash(command.id))
        return []
      case 'signal':
        await lab.signal(command.id, command.signal)
        return []
      case 'restart':
        await lab.restart()
        return []
      case 'exit':
        await lab.stopAll()
        return []
      case 'delay':
        return (await lab.setLinkDelay(command.ms)).map(follows)
      case 'key':
        return (await lab.setKeyed(command.on)).map(follows)
      case 'set':
        await lab.setGossip(command.settings)
        return []
      case 'network': {
        const { n, topology, settings } = command
        const gone = await lab.startNetwork({ n, topology, gossip: settings })
        return [...keptWords(lab.settings, settings), ...goneWords(gone)].filter(() => explains)
      }
      case 'viewers':
        lab.letViewers(command.may)
        return []
      case 'help':
        return helpLines(command.topic)
      case 'step':
        return this.#release('deliver', 'oldest')
      case 'release':
        return this.#release(command.how, command.which)
      default:
        return (await lab.fault(command)).map(follows)
    }
  }

  /** The subject of the decision, so that a person who steps sees what came. */
  async #release(how: Release, which: HeldName | 'oldest'): Promise<readonly string[]> {
    const { released, problems } = await this.#lab.release(how, which)
    const lab = this.#lab.sequencer.state
    return [...released.map((datagram) => describeHeld(datagram, lab)), ...problems]
  }
}

const follows = (id: number) => `node ${id} does not respond; the command takes effect there when it responds again`

const shorten = (text: string) =>
  text.length > MAX_ECHO_CHARS ? `${cut(text, MAX_ECHO_CHARS)}… (${text.length} characters)` : text
