/**
 * The service worker of the site, which works offline once loaded. The page itself comes from the server as long as
 * there is one, so that a changed site is seen at its next load. Everything else has its content in its name, and comes
 * from the copies.
 */
import { FILES, VERSION } from 'virtual:site-files'

/** The parts of a service worker that TypeScript's library for pages lacks. */
interface Lasting extends Event {
  waitUntil(done: Promise<unknown>): void
}
interface Fetching extends Lasting {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}
interface Scope {
  readonly registration: ServiceWorkerRegistration
  readonly clients: { claim(): Promise<void> }
  skipWaiting(): Promise<void>
  addEventListener(type: 'install' | 'activate', listener: (event: Lasting) => void): void
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void
}
declare const self: Scope

/** Time after which a server that does not answer counts as absent, in ms. */
const PATIENCE_MS = 4_000
/** An open page of the version before may still load a part of it. */
const KEPT_VERSIONS = 2

const { scope } = self.registration
const OURS = `rumorscope ${scope} `

self.addEventListener('install', (event) => event.waitUntil(keepCopies()))
self.addEventListener('activate', (event) => event.waitUntil(takeOver()))
self.addEventListener('fetch', (event) => {
  const { request } = event
  if (request.method !== 'GET' || !request.url.startsWith(scope)) return
  event.respondWith(request.mode === 'navigate' ? page(request) : part(request))
})

async function keepCopies() {
  const copies = await caches.open(OURS + VERSION)
  await copies.addAll(FILES.map((file) => new Request(file, { cache: 'no-cache' })))
  await self.skipWaiting()
}

async function takeOver() {
  const versions = (await caches.keys()).filter((name) => name.startsWith(OURS))
  await Promise.all(versions.slice(0, -KEPT_VERSIONS).map((name) => caches.delete(name)))
  await self.clients.claim()
}

async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) })
  } catch (error) {
    const copies = await caches.open(OURS + VERSION)
    const copy = isPage(request) ? await copies.match('./') : await copies.match(request)
    if (copy) return copy
    throw error
  }
}

/** The site has one page; a file beside it is another. */
const isPage = ({ url }: Request) => /^(?:index\.html)?(?:[?#]|$)/.test(url.slice(scope.length))

const part = async (request: Request): Promise<Response> => (await caches.match(request)) ?? fetch(request)
