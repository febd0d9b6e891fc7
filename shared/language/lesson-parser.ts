/**
 * Parses lesson files: text, questions and scenario lines that a teacher can write (docs/lessons.md). A file is read
 * whole, or every error in it is reported with line and column.
 */

import { listed, Problem, shorten } from '../text/words.ts'
import type { Choice, Lesson, Reveal, Scene } from './lesson.ts'
import { type Figure, parseFigure } from './lesson-figure.ts'
import { type Bound, isFigure, parseBound } from './lesson-text.ts'
import { parseScenario, type ScenarioLine, type ScenarioProblem } from './scenario.ts'

export type ParsedLesson =
  | { readonly ok: true; readonly lesson: Lesson }
  | { readonly ok: false; readonly problems: readonly ScenarioProblem[] }

/** Parses a lesson. Never throws. */
export function parseLesson(file: string): ParsedLesson {
  const reader = new LessonReader(file.replace(/^\uFEFF/, '').split(/\r?\n/))
  const lesson = reader.read()
  return reader.problems.length === 0 ? { ok: true, lesson } : { ok: false, problems: reader.problems }
}

const FENCE = /^\s*```/
const WHY = /^\s*! /
const CHOICE = /^\s*[-*] \[([ xX])\]\s+(.*)$/
const KEYS = ['title', 'shows', 'minutes', 'takeaway'] as const
type Key = (typeof KEYS)[number]

interface SceneInProgress {
  heading: string
  line: number
  before: string[]
  question: { text: string; line: number; choices: Choice[] } | null
  prepare: readonly ScenarioLine[] | null
  steps: readonly ScenarioLine[] | null
  after: Reveal[]
  figures: Figure[]
  notes: string[]
}

const draftOf = (heading: string, line: number): SceneInProgress => ({
  heading,
  line,
  before: [],
  question: null,
  prepare: null,
  steps: null,
  after: [],
  figures: [],
  notes: [],
})

class LessonReader {
  readonly problems: ScenarioProblem[] = []
  readonly #lines: readonly string[]
  /** Index of the next line, from 0. */
  #next = 0
  #setup: readonly ScenarioLine[] | null = null
  readonly #scenes: SceneInProgress[] = []
  readonly #opening: { before: string[]; notes: string[] } = { before: [], notes: [] }

  constructor(lines: readonly string[]) {
    this.#lines = lines
  }

  read(): Lesson {
    // A build replaces bytes that are not UTF-8 by this character.
    this.#lines.forEach((line, index) => {
      const at = line.indexOf('\ufffd')
      if (at >= 0) this.#wrong(index + 1, at + 1, 'this is not UTF-8: save the file as UTF-8')
    })
    const { title = '', shows = '', minutes = '', takeaway = '' } = this.#frontMatter()
    while (this.#next < this.#lines.length) this.#part()
    if (this.#scenes.length === 0) this.#wrong(this.#lines.length, 1, 'a lesson has at least one scene: # A heading')
    for (const scene of this.#scenes) this.#check(scene)
    const [first] = this.#setup ?? []
    if (first?.kind !== 'command' || first.command.kind !== 'network')
      this.#wrong(first?.line ?? this.#lines.length, 1, 'a lesson starts with its network: ``` network 4 line ```')
    return {
      title,
      shows,
      minutes: Number(minutes),
      takeaway,
      setup: this.#setup ?? [],
      scenes: [
        ...this.#openingOf(title),
        ...this.#scenes.map(({ line: _, question, prepare, steps, ...scene }) => ({
          ...scene,
          isOpening: false,
          question: question && { text: question.text, choices: question.choices },
          prepare: prepare ?? [],
          steps: steps ?? [],
        })),
      ],
    }
  }

  #openingOf(heading: string): Scene[] {
    if (this.#opening.before.length === 0) return []
    return [
      { ...this.#opening, heading, isOpening: true, question: null, prepare: [], steps: [], after: [], figures: [] },
    ]
  }

  #wrong(line: number, column: number, error: string) {
    this.problems.push({ line, column, error })
  }

  /** Parses `title: ...` and the like between two lines of `---`. */
  #frontMatter(): Partial<Record<Key, string>> {
    const found: Partial<Record<Key, string>> = {}
    const end = this.#lines.findIndex((line, index) => index > 0 && line.trim() === '---')
    if (this.#lines[0]?.trim() !== '---' || end < 0) {
      this.#wrong(1, 1, `a lesson begins with ---, then ${listed(KEYS).replace(' or ', ' and ')}, then ---`)
      return found
    }
    for (let index = 1; index < end; index += 1) this.#entry(this.#lines[index] ?? '', index + 1, found)
    for (const key of KEYS) if (found[key] === undefined) this.#wrong(end + 1, 1, `${key}: is missing`)
    this.#next = end + 1
    return found
  }

  #entry(text: string, line: number, found: Partial<Record<Key, string>>) {
    if (text.trim() === '') return
    const [, name = '', value = ''] = /^(\w+):\s*(.*?)\s*$/.exec(text) ?? []
    const key = KEYS.find((one) => one === name)
    if (key === undefined) return this.#wrong(line, 1, `unknown entry: use ${listed(KEYS)}, each with a colon`)
    const column = text.length - text.replace(/^\w+:\s*/, '').length + 1
    if (value === '') return this.#wrong(line, column, `${key}: has no value`)
    if (found[key] !== undefined) return this.#wrong(line, 1, `${key}: is given twice: leave one out`)
    if (key === 'minutes' && !/^\d{1,2}(\.\d)?$/.test(value))
      return this.#wrong(line, column, 'minutes: is a number such as 2')
    found[key] = value
  }

  /** Parses one item: a line that names its kind, or a paragraph. */
  #part() {
    const line = this.#lines[this.#next] ?? ''
    const number = this.#next + 1
    const scene = this.#scenes.at(-1)
    const heading = /^#\s+(.*\S)\s*$/.exec(line)
    if (line.trim() === '') this.#next += 1
    else if (FENCE.test(line)) this.#block(number, scene)
    else if (heading) {
      this.#next += 1
      this.#scenes.push(draftOf(heading[1] ?? '', number))
    } else if (!scene) this.#beforeScenes(line, number)
    else if (line.startsWith('? ')) this.#question(scene, number)
    else if (CHOICE.test(line)) this.#choice(scene, number)
    else if (line.startsWith('= ')) this.#figure(scene, line, number)
    else if (line.startsWith('> ')) scene.notes.push(this.#text().slice(2))
    else if (line.startsWith('~ ')) this.#otherwise(scene, number)
    else if (WHY.test(line)) this.#why(scene, number)
    else this.#paragraph(scene)
  }

  /** Parses the everyday example and its notes. */
  #beforeScenes(line: string, number: number) {
    if (/^([?=~!] |[-*] \[)/.test(line.trimStart()))
      this.#wrong(number, 1, 'before the first # heading there are only the network’s lines and an everyday example')
    const text = this.#text()
    if (text.startsWith('> ')) this.#opening.notes.push(text.slice(2))
    else this.#opening.before.push(text)
  }

  #block(number: number, scene: SceneInProgress | undefined) {
    const end = this.#lines.findIndex((line, index) => index >= number && FENCE.test(line))
    const lines = this.#lines.slice(number, end < 0 ? undefined : end)
    this.#next = end < 0 ? this.#lines.length : end + 1
    if (end < 0) this.#wrong(number, 1, 'this block does not end: ``` is missing')
    const prepares = scene !== undefined && this.#prepares(end)
    if (scene ? scene.steps || (prepares && scene.prepare) : this.#setup)
      this.#wrong(
        number,
        1,
        scene
          ? 'a scene has one block of lines to run; start another scene with #'
          : 'the network is one block of lines',
      )
    // The lines keep their numbers.
    const parsed = parseScenario('\n'.repeat(number) + lines.join('\n'))
    if (!parsed.ok) this.problems.push(...parsed.problems)
    const steps = parsed.ok ? parsed.steps : []
    if (!scene) this.#setup = steps
    else if (prepares) scene.prepare = steps
    else scene.steps = steps
    const [first] = steps
    if (prepares && parsed.ok && (first?.kind !== 'command' || first.command.kind !== 'network'))
      this.#wrong(number, 1, 'a question stands before its lines; a block before the question starts with network')
  }

  /** Returns whether a question of the same scene follows a block that ends on that line, from 0. */
  #prepares(end: number): boolean {
    if (end < 0) return false
    const next = this.#lines.slice(end + 1).find((line) => /^(#\s|\? )/.test(line))
    return next?.startsWith('? ') ?? false
  }

  /** Parses a text whose claims are checked in each run. Reports its errors. */
  #bound(text: string, number: number): Bound {
    try {
      return parseBound(text)
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem
      this.#wrong(number, 1, problem.message)
      return { text: [text], claims: [] }
    }
  }

  /** The text that replaces the previous paragraph when one of its claims is false. */
  #otherwise(scene: SceneInProgress, number: number) {
    const { text, claims } = this.#bound(this.#text().slice(2), number)
    const last = scene.after.pop()
    if (!last || last.claims.length === 0 || last.otherwise || claims.length > 0)
      this.#wrong(number, 1, '~ follows a paragraph with a claim, and has no claim itself')
    if (last) scene.after.push({ ...last, otherwise: text })
  }

  #question(scene: SceneInProgress, number: number) {
    if (scene.question) this.#wrong(number, 1, 'a scene has one question; start another scene with #')
    scene.question = { text: this.#text().slice(2).trim(), line: number, choices: [] }
  }

  #choice(scene: SceneInProgress, number: number) {
    const [, mark, text = ''] = CHOICE.exec(this.#text()) ?? []
    if (!scene.question) return this.#wrong(number, 1, 'a choice follows a question: ? What will happen?')
    const { text: parts, claims } = this.#bound(text, number)
    if (parts.some(isFigure))
      this.#wrong(number, 1, 'a choice is shown before the run: it may have a claim, but no figure')
    scene.question.choices.push({ text: parts.join(''), right: mark !== ' ', claims, why: null })
  }

  /** Parses why the previous choice is tempting and wrong. */
  #why(scene: SceneInProgress, number: number) {
    const why = this.#bound(this.#text().slice(2), number)
    const choices = scene.question?.choices ?? []
    const choice = choices.pop()
    if (!choice || choice.right || choice.why)
      this.#wrong(number, 1, '! follows a wrong choice, once: it says why the choice is tempting and wrong')
    if (choice) choices.push({ ...choice, why })
  }

  #figure(scene: SceneInProgress, line: string, number: number) {
    this.#next += 1
    if (!scene.steps) this.#wrong(number, 1, 'a figure follows the lines that it measures')
    try {
      scene.figures.push(parseFigure(line))
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem
      this.#wrong(number, problem.column, problem.message)
    }
  }

  #paragraph(scene: SceneInProgress) {
    const number = this.#next + 1
    const text = this.#text()
    if (scene.steps) scene.after.push({ ...this.#bound(text, number), otherwise: null })
    else scene.before.push(text)
  }

  /** Takes this line and its continuation lines. */
  #text(): string {
    const isNew = /^\s*($|```|#\s|\? |= |~ |> |! |[-*] \[)/
    const begin = this.#next
    do this.#next += 1
    while (this.#next < this.#lines.length && !isNew.test(this.#lines[this.#next] ?? ''))
    return this.#lines
      .slice(begin, this.#next)
      .map((line) => line.trim())
      .join(' ')
  }

  #check({ heading, line, before, question, steps }: SceneInProgress) {
    const what = `“${shorten(heading)}”`
    if (before.length === 0 && !question) this.#wrong(line, 1, `${what} has no text`)
    if (!question) return
    const right = question.choices.filter((choice) => choice.right).length
    if (question.choices.length < 2)
      this.#wrong(question.line, 1, 'a question has at least two choices: - [ ] one, - [x] the right one')
    else if (right !== 1) this.#wrong(question.line, 1, `exactly one choice is right, - [x]; here ${right} are`)
    if (!steps || steps.length === 0) this.#wrong(question.line, 1, 'this question has no lines to run')
    else if (!steps.some(({ kind }) => kind === 'until' || kind === 'expect') && !question.choices.every(isChecked))
      this.#wrong(question.line, 1, 'nothing checks the right choice: end it with a claim, such as {holders hello = 4}')
  }
}

const isChecked = ({ right, claims }: Choice): boolean => !right || claims.length > 0
