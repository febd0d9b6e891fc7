/** Carries out each form of each command on programs, with a gate and without, and on our own nodes beside programs; the docs show the outcome. */
import { expect, test } from 'vitest'
import { Executor } from '../../../shared/lab/executor.ts'
import { COMMAND_GROUPS, exampleOf } from '../../../shared/language/command-forms.ts'
import { all, GATE, inPython, labOfPrograms } from '../../test-support/foreign.ts'
import type { Programs } from './program.ts'
import type { ProgramHostOptions } from './program-host.ts'
import { abilitiesOf, PROGRAM_ABILITIES } from './program-words.ts'

const INTRODUCTION = `# Commands for programs

<!-- Written by a test. To write it again: npx vitest run --project unit server/hosts/program/commands.test.ts -u -->

*yes*: the command does what [commands.md](commands.md) says. Otherwise the lab refuses it with the sentence in the table,
and changes nothing. “does not support” is followed by the reason:
“${abilitiesOf(true, undefined).why}”; where there is no gate,
“${PROGRAM_ABILITIES.why}.”

In the first two columns all nodes run [your own program](programs.md): their datagrams pass the gate of the lab, or
there is none. In the others, only node 0 runs it, and the command is for node 1, one of Rumorscope’s own. A network
without programs takes every command.`

/** Differences for a program, where a command is accepted. */
const NOTES: Readonly<Record<string, string>> = {
  '<id> start <n> <port>': 'starts the program with <id>, the number of nodes of the lab, and a port of its own',
  '<id> msg <messageID> <text>': 'the program gets the line as it is, with the messageID',
  '<id> get chatLog': 'the program’s own answer; if there is none within 5 s, the command says so',
  '<id> crash': 'the program gets the line; if it still runs after 1 s, or is suspended, the lab ends it',
  restart: 'starts the program as it is built now',
}

const FORMS = COMMAND_GROUPS.flatMap(({ forms }) => forms.map(({ form }) => form))

/** Returns by form what happens on a network of two: undefined if the command is carried out, else the sentence. */
async function outcomesOn(programs: Programs, id: number, gate?: ProgramHostOptions['gate']) {
  const { lab, settings } = await labOfPrograms(2, programs, gate)
  const executor = new Executor(lab)
  const outcomes = new Map<string, string | undefined>()
  const carryOut = async (form: string, line: string) => {
    // A command must not find what one before it has changed.
    await lab.startNetwork({})
    const outcome = await executor.execute(line, 'rest')
    outcomes.set(form, outcome.ok ? undefined : outcome.error)
  }
  for (const form of FORMS) await carryOut(form, exampleOf(form, id, settings.basePort + id))
  await carryOut('network <n> ring', 'network 2 ring')
  await carryOut('network <n> line fanout=<value>', 'network 2 line fanout=1')
  return outcomes
}

test('docs/program-commands.md says for each command what it does on each kind of node', async () => {
  const one = { byId: new Map([[0, inPython('text')]]) }
  const [gated, programs, gatedMixed, mixed] = await Promise.all([
    outcomesOn(all(inPython('text')), 0, GATE),
    outcomesOn(all(inPython('text')), 0),
    outcomesOn(one, 1, GATE),
    outcomesOn(one, 1),
  ])
  const cell = (outcome: string | undefined, note = '') =>
    outcome?.replace(/: it runs your own program\b.*/, '') ?? `yes${note === '' ? '' : `; ${note}`}`
  const rows = [...programs.keys()].map((form) => [
    `\`${form.replaceAll('|', '\\|')}\``,
    cell(gated.get(form), NOTES[form]),
    cell(programs.get(form), NOTES[form]),
    cell(gatedMixed.get(form)),
    cell(mixed.get(form)),
  ])
  const head = [
    'command',
    'your program, with the gate',
    'your program, without',
    'our node beside it, with the gate',
    'our node beside it, without',
  ]
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escaped).join(' | ')} |`)
  await expect(`${INTRODUCTION}\n\n${table.join('\n')}\n`).toMatchFileSnapshot('../../../docs/program-commands.md')
})

/** Outside code, a bracket would be a tag. */
const escaped = (text: string) => (text.startsWith('`') ? text : text.replaceAll('<', '\\<'))
