/** Generates docs/commands.md from the table of commands that `help` prints, and from the bounds of the settings. */
import { DEFAULTS, SETTING_BOUNDS, type Settings } from '../../shared/gossip/settings.ts'
import { COMMAND_GROUPS, type CommandGroup } from '../../shared/language/command-forms.ts'

const INTRODUCTION = `# Commands

<!-- Generated from shared/language/command-forms.ts. To write it again: npx vitest run --project unit scripts/docs -u -->

Every click on the page is one of these lines. The console, REST (\`POST /api/commands\`), \`proxy.py\` and scenario files
take the same lines; one parser reads them all (\`shared/language/command.ts\`).

\`<id>\` is the id of a node, \`<n>\` a number of nodes. \`0>1\` is the link from node 0 to node 1, \`0 1\` the link in both
directions, and \`*\` every link.`

const SETTINGS = `## Settings

\`set\` and \`network\` take these. [protocol.md](protocol.md#settings) says which rule each of them belongs to.`

export const commandsPage = (): string =>
  [INTRODUCTION, ...COMMAND_GROUPS.map(section), SETTINGS, settingsTable()].join('\n\n').concat('\n')

const section = ({ title, forms }: CommandGroup): string =>
  [
    `## ${title}`,
    table(
      ['command', 'what it does'],
      forms.map(({ form, does }) => [code(form), escaped(does)]),
    ),
  ].join('\n\n')

const settingsTable = (): string =>
  table(
    ['setting', 'default', 'from', 'to'],
    (Object.keys(DEFAULTS) as (keyof Settings)[]).map((name) => {
      const { min, max } = SETTING_BOUNDS[name]
      return [code(name), `${DEFAULTS[name]}`, `${min}`, `${max}`]
    }),
  )

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

/** A bar would end the cell, in code too. */
const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``

const escaped = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '\\<').replaceAll('*', '\\*')
