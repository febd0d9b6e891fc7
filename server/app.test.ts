import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { buildApp } from './app.ts'
import { labOf } from './test-support/lab.ts'

test('the page is served as the build compressed it, and only names with a hash are cached for good', async () => {
  const { lab, runtime } = await labOf(1)
  const page = join(runtime, 'web')
  mkdirSync(join(page, 'assets'), { recursive: true })
  for (const file of ['index.html', 'assets/index-1a2b.js'])
    for (const suffix of ['', '.gz', '.br']) writeFileSync(join(page, file + suffix), `as${suffix}`)
  const app = await buildApp({ lab, page })
  onTestFinished(() => app.close())
  const ask = async (url: string, accepts: string) => {
    const { headers, body } = await app.inject({ url, headers: { host: '127.0.0.1', 'accept-encoding': accepts } })
    return [body, headers['content-encoding'], headers['cache-control'], headers.vary]
  }
  const forever = 'public, max-age=31536000, immutable'
  expect(await ask('/assets/index-1a2b.js', 'gzip, br')).toEqual(['as.br', 'br', forever, 'accept-encoding'])
  expect(await ask('/assets/index-1a2b.js', 'gzip')).toEqual(['as.gz', 'gzip', forever, 'accept-encoding'])
  expect(await ask('/assets/index-1a2b.js', '')).toEqual(['as', undefined, forever, 'accept-encoding'])
  expect(await ask('/', 'br')).toEqual(['as.br', 'br', 'no-cache', 'accept-encoding'])
})
