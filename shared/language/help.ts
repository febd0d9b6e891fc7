/** Makes the lines of `help`: alone it fits the console; a word of a command finds the rest. */
import {
  COMMAND_GROUPS,
  type CommandForm,
  type CommandGroup,
  LAB_COMMANDS,
  NODE_COMMANDS,
  nameOf,
} from './command-forms.ts'

const EVERYTHING = 'all'

/** Words that completion offers after `help`; any other word of a command works too. */
export const HELP_TOPICS: readonly string[] = [
  ...new Set([
    ...NODE_COMMANDS,
    ...LAB_COMMANDS,
    ...COMMAND_GROUPS.map(({ title }) => title.toLowerCase()),
    EVERYTHING,
  ]),
]

/** Returns the lines about a topic, aligned in two columns; the names of all commands when it is empty. */
export function helpLines(topic: string): readonly string[] {
  if (topic === '') return overview()
  const groups = groupsAbout(topic)
  const isPart = groups.length === 1 && groups[0]?.title.toLowerCase() !== topic.toLowerCase()
  return groups.flatMap(({ title, forms }) => [...(isPart ? [] : [title]), ...aligned(forms)])
}

/** Returns whether there is an explanation of a topic. */
export const hasHelp = (topic: string): boolean => groupsAbout(topic).length > 0

function overview(): readonly string[] {
  const width = widest(COMMAND_GROUPS.map(({ title }) => title))
  const names = ({ forms }: CommandGroup) => [...new Set(forms.map(shortForm))].join(', ')
  return [
    ...COMMAND_GROUPS.map((group) => `${group.title.padEnd(width)}  ${names(group)}`),
    'Type help and a word for details, as in help link; help all explains every command.',
  ]
}

/**
 * Returns the commands that match all words of a topic, or prefixes of them; if none do, those whose explanation
 * matches.
 */
function groupsAbout(topic: string): readonly CommandGroup[] {
  const words = topic.toLowerCase().split(' ')
  const inForm = pick((title, { form }) => words.every((word) => hasWord(`${title} ${form}`, word)))
  return inForm.length > 0 ? inForm : pick((_, { does }) => words.every((word) => hasWord(does, word)))
}

function pick(fits: (title: string, form: CommandForm) => boolean): readonly CommandGroup[] {
  return COMMAND_GROUPS.map(({ title, forms }) => ({ title, forms: forms.filter((form) => fits(title, form)) })).filter(
    ({ forms }) => forms.length > 0,
  )
}

const hasWord = (text: string, word: string): boolean =>
  word === EVERYTHING ||
  text
    .toLowerCase()
    .split(/[^a-z]+/)
    .some((one) => one.startsWith(word))

function aligned(forms: readonly CommandForm[]): readonly string[] {
  const width = widest(forms.map(({ form }) => form))
  return forms.map(({ form, does }) => `  ${form.padEnd(width)}  ${does}`)
}

const widest = (texts: readonly string[]): number => Math.max(...texts.map(({ length }) => length))

const shortForm = (form: CommandForm): string => (form.form.startsWith('<id> ') ? `<id> ${nameOf(form)}` : nameOf(form))
