import { describe, expect, test } from 'vitest'
import { parseCommand } from './command.ts'
import { COMMAND_FORMS, COMMAND_GROUPS, nameOf } from './command-forms.ts'
import { HELP_TOPICS, hasHelp, helpLines } from './help.ts'

const COLUMNS_OF_A_CONSOLE = 150

describe('help alone', () => {
  const lines = helpLines('')

  test('fits the console on a small projector, below the line that asked', () => {
    expect(lines.length).toBeLessThanOrEqual(5)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(COLUMNS_OF_A_CONSOLE)
  })

  test('names every command in its group', () => {
    for (const [place, { title, forms }] of COMMAND_GROUPS.entries()) {
      expect(lines[place]).toMatch(new RegExp(`^${title} `))
      for (const form of forms) expect(lines[place]).toContain(nameOf(form))
    }
  })
})

describe('help with a topic', () => {
  test('prints how that command is written, in two columns', () => {
    const lines = helpLines('link')
    expect(lines.map((line) => line.trim().split('  ')[0])).toEqual(
      COMMAND_FORMS.map(({ form }) => form).filter((form) => form.startsWith('link')),
    )
    expect(new Set(lines.map((line) => /^ {2}\S.*? {2,}(?=\S)/.exec(line)?.[0].length)).size).toBe(1)
  })

  test('takes a prefix, several words, a group, or a word of an explanation', () => {
    expect(helpLines('dup').map((line) => line.trim().split(' ')[0])).toEqual(
      expect.arrayContaining(['link', 'duplicate']),
    )
    expect(helpLines('hold timers')).toEqual([expect.stringContaining('hold timers <on|off>')])
    expect(helpLines('faults')[0]).toBe('Faults')
    expect(helpLines('HOLD')[0]).toBe('Hold')
    expect(helpLines('ackTimeoutMs')).toEqual([expect.stringContaining('set <setting>=<value>')])
  })

  test('all prints every form under its group', () => {
    const lines = helpLines('all')
    for (const { form, does } of COMMAND_FORMS)
      expect(lines.some((line) => line.startsWith(`  ${form} `) && line.endsWith(does))).toBe(true)
    for (const { title } of COMMAND_GROUPS) expect(lines).toContain(title)
  })

  test('every topic that completion offers has an explanation, and is a command', () => {
    for (const topic of HELP_TOPICS) {
      expect(hasHelp(topic)).toBe(true)
      expect(parseCommand(`help ${topic}`)).toEqual({ ok: true, command: { kind: 'help', topic } })
    }
  })
})
