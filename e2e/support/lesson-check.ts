/** Holds each claim and each figure that the page shows after a scene against the lab's own state. */
import { expect } from 'vitest'
import type { TestLab } from '../../server/test-support/lab-process.ts'
import type { Figure } from '../../shared/language/lesson-figure.ts'
import type { LabState } from '../../shared/model/lab-state.ts'
import { readLibrary } from '../../web/lessons/library.ts'
import { judge } from '../../web/model/lessons/claims.ts'
import type { LessonDriver } from './lesson-driver.ts'

/** These go on growing after a scene was measured. */
const grows = ({ kind }: Figure) => kind === 'memory' || kind === 'datagrams'

export function checkEachScene(lesson: LessonDriver, lab: TestLab) {
  const { lessons } = readLibrary()
  let before: LabState
  lesson.onRun = {
    async before() {
      before = await lab.state()
    },
    async after({ title, heading, text, figures }) {
      const scenes = lessons.find((one) => one.lesson.title === title)?.lesson.scenes ?? []
      const scene = scenes.find((one) => one.heading === heading)
      if (!scene) throw new Error(`no scene “${heading}” in “${title}”`)
      const judged = judge(scene, before, await lab.state(), false)
      expect(/This run turned out differently/.test(text), text).toBe(judged.differences.length > 0)
      for (const revealed of judged.revealed) expect(text).toContain(revealed.text.replaceAll('*', ''))
      for (const place of judged.right) expect(text).toContain(scene.question?.choices[place]?.text)
      scene.figures.forEach((figure, place) => {
        const { value, words } = judged.figures[place] ?? {}
        // A forgery comes back to the node that made it, some time later.
        if (figure.kind === 'forged') expect(figures[place]).toMatch(`${value} believed by`)
        else if (!grows(figure)) expect(figures[place]).toBe(`${value} ${words}`)
      })
    },
  }
}
