import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import { anyResult, EXAMPLE, failedRun, resultOf, testOf } from '../../test-support/check-results.ts'
import { junitXml } from './junit.ts'

/** Jenkins' schema of the format, published under the MIT License (in the file). */
const SCHEMA = readFileSync(join(import.meta.dirname, '../../test-support/jenkins-junit.xsd'), 'utf8')

/**
 * The elements that Maven Surefire added, as surefire-test-report-3.0.xsd has them, in its order. Readers that do not
 * know them ignore them.
 */
const ADDED = ['rerunFailure', 'flakyFailure']
const SUREFIRE_SCHEMA = SCHEMA.replace(
  /(<xs:element ref="failure".*\/>)((?:\s*<xs:element ref="system-.*\/>){2})/,
  (_, failure: string, output: string) =>
    [failure, ...ADDED.map((name) => `<xs:element ref="${name}" minOccurs="0" maxOccurs="unbounded"/>`), output].join(
      '',
    ),
).replace(
  '</xs:schema>',
  `${ADDED.map(
    (name) => `<xs:element name="${name}"><xs:complexType>
      <xs:sequence><xs:element name="stackTrace" type="xs:string"/></xs:sequence>
      <xs:attribute name="message" type="xs:string"/>
      <xs:attribute name="type" type="xs:string" use="required"/>
    </xs:complexType></xs:element>`,
  ).join('')}</xs:schema>`,
)

async function problemsOf(schema: string, ...documents: readonly string[]) {
  const xml = documents.map((contents, i) => ({ fileName: `${i}.xml`, contents }))
  const { errors } = await validateXML({ xml, schema })
  return errors.map(({ rawMessage }) => rawMessage)
}

test('a report is valid by the schema of Jenkins, but for the elements of Surefire', async () => {
  const xml = junitXml(EXAMPLE)
  expect(await problemsOf(SUREFIRE_SCHEMA, xml)).toEqual([])
  const passed = {
    ...EXAMPLE,
    tests: EXAMPLE.tests.filter(({ verdict }) => verdict === 'passed' || verdict === 'skipped'),
  }
  expect(await problemsOf(SCHEMA, junitXml(passed))).toEqual([])
  const problems = await problemsOf(SCHEMA, xml)
  expect(problems.length).toBeGreaterThan(0)
  expect(problems.filter((problem) => !/rerunFailure|flakyFailure/.test(problem))).toEqual([])
})

test('a report is valid with whatever texts programs and files have', async () => {
  const results = fc.sample(anyResult, { numRuns: 150, seed: 20 })
  expect(await problemsOf(SUREFIRE_SCHEMA, ...results.map(junitXml))).toEqual([])
})

test('a skip is aloud, and neither a pass nor a failure', () => {
  const xml = junitXml(EXAMPLE)
  expect(xml).toContain('tests="4" failures="2" errors="0" time="72.400" skipped="1"')
  expect(xml).toContain('<skipped>neither passed nor failed: it needs a gate for datagrams')
})

test('a flaky test has a failure, and one element for each failed run', () => {
  const xml = junitXml(EXAMPLE)
  expect(xml).toContain(
    '<failure type="flaky" message="3 of 4 runs passed. Run 2: at 3.033 s: “Bob” reached 2 of 3 nodes',
  )
  expect(xml.match(/<flakyFailure /g)).toHaveLength(1)
  // All runs failed: the first is the failure, the others are repetitions.
  expect(xml.match(/<failure type="failed"/g)).toHaveLength(1)
  expect(xml.match(/<rerunFailure /g)).toHaveLength(3)
})

test('a line of a program cannot pass for a line of the report, and many runs are bounded', () => {
  const runs = Array.from({ length: 100 }, (_, i) => failedRun(i + 1, 'said “x\nrun 9, seed 1\n]]>\0\ud800”'))
  const xml = junitXml(resultOf(testOf('a', runs)))
  expect(xml).toContain('said “x\\nrun 9, seed 1\\n]]&gt;\\x00\\ud800”')
  expect(xml.match(/<rerunFailure /g)).toHaveLength(19)
})
