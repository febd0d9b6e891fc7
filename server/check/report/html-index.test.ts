import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyText, EXAMPLE } from '../../test-support/check-results.ts'
import { htmlIndex } from './html-index.ts'
import { marksTable } from './marks.ts'

test('the page of all submissions leads to the report of each, whatever its name', () => {
  fc.assert(
    fc.property(fc.array(anyText, { minLength: 1, maxLength: 5 }), (names) => {
      const submissions = names.map((name, i) => ({ name, outcome: i % 2 === 0 ? EXAMPLE : { whyNot: name } }))
      const html = htmlIndex(marksTable(submissions), (place) => `${place}.html`)
      const links = [...html.matchAll(/<a href="([^"]*)"><bdi>[^<]*<\/bdi><\/a>/g)].map(([, file]) => file)
      expect(links).toEqual(names.map((_, place) => `${place}.html`))
      expect(html).not.toMatch(/<script|<img|<[^>]* on\w+=/)
    }),
  )
})
