import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadDecoder } from './wire-option.ts'

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'rs-wire-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

test.each([
  ['default.mjs', 'export default (bytes) => bytes.length'],
  ['named.mjs', 'export function decode(bytes) { return bytes.length }'],
  ['common.cjs', 'module.exports = (bytes) => bytes.length'],
])('%s is a decoder', async (name, text) => {
  const decode = await loadDecoder(`./${name}`, folderOf({ [name]: text }))
  expect(decode(new Uint8Array(3))).toBe(3)
})

test.each([
  ['nothing.mjs', 'there is no such file'],
  ['folder', 'is no file: name a JavaScript module'],
  ['none.mjs', 'none.mjs exports no decoder: write "export default (bytes) => …"'],
  ['value.mjs', 'exports no decoder'],
  ['throws.mjs', 'cannot be loaded as a JavaScript module: Error: no table'],
  ['needs.mjs', 'cannot be loaded as a JavaScript module: Error'],
])('%s is refused with a sentence', async (name, sentence) => {
  const folder = folderOf({
    'none.mjs': 'export const parse = () => null',
    'value.mjs': 'export default 7',
    'throws.mjs': 'throw new Error("no table")',
    'needs.mjs': 'import "./other.mjs"',
  })
  mkdirSync(join(folder, 'folder'))
  const refusal = loadDecoder(name, folder)
  await expect(refusal).rejects.toThrow(sentence)
  await expect(refusal).rejects.toThrow(/^--wire [^\n]+$/)
})
