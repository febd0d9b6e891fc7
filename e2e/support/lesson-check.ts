/** Checks each claim and each figure on the page after a scene against the lab's own state. */
import { expect } from 'vitest'
import type { TestLab } from '../../server/test-support/lab-process.ts'
import type { Figure } from '../../shared/language/lesson-figure.ts'
import type { LabState } from '../../shared/model/lab-state.ts'
import { judge } from '../../web/model/lessons/claims.ts'
import { choiceOf, type LessonDriver } from './lesson-driver.ts'

/** These keep growing after a scene was measured. */
const grows = ({ kind }: Figure) => kind === 'memory' || kind === 'datagrams'

export function checkEachScene(lesson: LessonDriver, lab: TestLab) {
  let before: LabState
  lesson.onRun = {
    async before() {
      before = await lab.state()
    },
    async after({ scene, chosen, text, figures }) {
      const judged = judge(scene, before, await lab.state(), false)
      expect(/This run turned out differently/.test(text), text).toBe(judged.differences.length > 0)
      for (const revealed of judged.revealed) expect(text).toContain(revealed.text.replaceAll('*', ''))
      for (const place of judged.right) expect(text).toContain(scene.question?.choices[place]?.text)
      if (judged.differences.length === 0 && scene.question) expect(judged.right).toEqual([choiceOf(scene, 'right')])
      const reason = judged.wrong.find(({ place }) => place === chosen)
      if (reason) expect(text).toContain(reason.why)
      scene.figures.forEach((figure, place) => {
        const { value, words } = judged.figures[place] ?? {}
        // A forged message comes back to the node that made it, some time later.
        if (figure.kind === 'forged') expect(figures[place]).toMatch(`${value} stored by`)
        else if (!grows(figure)) expect(figures[place]).toBe(`${value} ${words}`)
      })
    },
  }
}
