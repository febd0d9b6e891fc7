/** Carries out each form of each command on programs, and on our own nodes beside programs; the docs show the outcome. */
import { expect, test } from 'vitest'
import { Executor } from '../../../shared/lab/executor.ts'
import { COMMAND_GROUPS } from '../../../shared/language/command-forms.ts'
import { all, inPython, labOfPrograms } from '../../test-support/foreign.ts'
import type { Programs } from './program.ts'
import { PROGRAM_ABILITIES } from './program-words.ts'

const INTRODUCTION = `# Commands for programs

<!-- Written by a test. To write it again: npx vitest run --project unit server/hosts/program/commands.test.ts -u -->

*yes*: the command does what [commands.md](commands.md) says. Otherwise the lab refuses it with the sentence in the table,
and changes nothing. “does not support” is followed by the reason:
“${PROGRAM_ABILITIES.why}.”

In the first column all nodes run [your own program](programs.md). In the second, node 0 runs it, and the command is for
node 1, one of Rumorscope’s own. A network without programs takes every command.`

/** Differences for a program, where a command is accepted. */
const NOTES: Readonly<Record<string, string>> = {
  '<id> start <n> <port>': 'starts the program with <id>, the number of nodes of the lab, and a port of its own',
  '<id> msg <messageID> <text>': 'the program gets the line as it is, with the messageID',
  '<id> get chatLog': 'the program’s own answer; if there is none within 5 s, the command says so',
  '<id> crash': 'the program gets the line; if it still runs after 1 s, the lab ends it',
}

/** Returns a line of this form about node `id`. */
const exampleOf = (form: string, id: number, port: number) =>
  form
    .replace(/^link <id> <id>/, 'link 0 1')
    .replace('<id>', `${id}`)
    .replace('<n>', '2')
    .replace('<port>', `${port}`)
    .replace(' <topology>', ' line')
    .replace(/ \[.*\]/, '')
    .replace('<messageID>', '1')
    .replace('<text>', 'hello')
    .replace('<percent>', '10')
    .replaceAll('<ms>', '50')
    .replace('<on|off>', 'on')
    .replace('<setting>=<value> ...', 'fanout=1')
    .replace('<number>', '1')

const FORMS = COMMAND_GROUPS.flatMap(({ forms }) => forms.map(({ form }) => form))

/** Returns by form what happens on a network of two: undefined if the command is carried out, else the sentence. */
async function outcomesOn(programs: Programs, id: number) {
  const { lab, settings } = await labOfPrograms(2, programs)
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
  return outcomes
}

test('docs/program-commands.md says for each command what it does on each kind of node', async () => {
  const [programs, mixed] = await Promise.all([
    outcomesOn(all(inPython('text')), 0),
    outcomesOn({ byId: new Map([[0, inPython('text')]]) }, 1),
  ])
  const cell = (outcome: string | undefined, note = '') =>
    outcome?.replace(`: ${PROGRAM_ABILITIES.why}`, '') ?? `yes${note === '' ? '' : `; ${note}`}`
  const rows = [...programs.keys()].map((form) => [
    `\`${form.replaceAll('|', '\\|')}\``,
    cell(programs.get(form), NOTES[form]),
    cell(mixed.get(form)),
  ])
  const head = ['command', 'on a node that runs a program', 'on our node beside a program']
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(escaped).join(' | ')} |`)
  await expect(`${INTRODUCTION}\n\n${table.join('\n')}\n`).toMatchFileSnapshot('../../../docs/program-commands.md')
})

/** Outside code, a bracket would be a tag. */
const escaped = (text: string) => (text.startsWith('`') ? text : text.replaceAll('<', '\\<'))
