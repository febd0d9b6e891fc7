import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
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

test('a page without compressed files, as in the package, is compressed in memory', async () => {
  const { lab, runtime } = await labOf(1)
  const page = join(runtime, 'web')
  mkdirSync(join(page, 'assets'), { recursive: true })
  const script = 'const words = 1\n'.repeat(1_000)
  for (const file of ['index.html', 'assets/index-1a2b.js']) writeFileSync(join(page, file), script)
  const app = await buildApp({ lab, page })
  onTestFinished(() => app.close())
  const ask = (url: string, accepts: string, method: 'GET' | 'HEAD' = 'GET') =>
    app.inject({ url, method, headers: { host: '127.0.0.1', 'accept-encoding': accepts } })
  for (const url of ['/assets/index-1a2b.js', '/assets/index-1a2b.js', '/', '/?again']) {
    const { headers, rawPayload } = await ask(url, 'gzip, deflate')
    expect(headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' })
    expect(Number(headers['content-length'])).toBe(rawPayload.length)
    expect(rawPayload.length).toBeLessThan(script.length / 10)
    expect(gunzipSync(rawPayload).toString()).toBe(script)
  }
  const plain = await ask('/', '')
  expect([plain.body, plain.headers['content-encoding']]).toEqual([script, undefined])
  expect((await ask('/', 'gzip', 'HEAD')).headers['content-encoding']).toBeUndefined()
  writeFileSync(join(page, 'index.html'), `${script}more`)
  expect(gunzipSync((await ask('/', 'gzip')).rawPayload).toString()).toBe(`${script}more`)
})
