/** Builds the lab without an installation, and serves it as any web server does: from a folder below its root. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type { Browser, BrowserContextOptions } from 'playwright-core'
import { LabPage } from './lab-page.ts'

const ROOT = join(import.meta.dirname, '../..')
const SITE = join(ROOT, 'dist/site')
export const ONE_FILE = join(SITE, 'rumorscope.html')
const FOLDER = '/course/gossip/'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

export async function buildSite(): Promise<void> {
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js')
  // Vitest sets NODE_ENV=test, with which the build would use development packages.
  const env = { ...process.env, NODE_ENV: 'production' }
  await promisify(execFile)(process.execPath, [vite, 'build', '--app', '--config', 'vite.site.config.ts'], {
    cwd: ROOT,
    env,
  })
}

export interface SiteServer {
  readonly url: string
  /** The site has changed: its texts are served like this. */
  change(text: (before: string) => string): void
  /** Nobody answers any more, until `begin`. */
  stop(): void
  begin(): Promise<void>
}

/** Serves files and nothing else. */
export async function serveSite(): Promise<SiteServer> {
  let change = (text: string) => text
  const server = createServer(async ({ url = '/' }, response) => {
    const path = new URL(url, 'http://localhost').pathname.replace(/\/$/, '/index.html')
    const content = path.startsWith(FOLDER)
      ? await readFile(join(SITE, path.slice(FOLDER.length))).catch(() => null)
      : null
    response.writeHead(content ? 200 : 404, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' })
    response.end(/\.(?:html|js)$/.test(path) && content ? change(String(content)) : content)
  })
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${FOLDER}`,
    change(text) {
      change = text
    },
    stop() {
      server.close()
      server.closeAllConnections()
    },
    begin: () => listen(port),
  }
}

export const ONE_FILE_URL = pathToFileURL(ONE_FILE).href

/** Opens the site; every request for anything else is refused, and is an error of the page. */
export async function openSite(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<LabPage> {
  // Requests of a service worker could not be refused.
  const site = await LabPage.blank(browser, { serviceWorkers: 'block', ...options })
  const [base = url] = url.split('#')
  await site.page.route('**', (route) => {
    const wanted = route.request().url()
    if (wanted.startsWith(base) || wanted.startsWith('data:') || wanted.startsWith('blob:')) return route.continue()
    site.errors.push(`it asked for ${wanted}`)
    return route.abort()
  })
  await site.page.goto(url)
  await site.node(0).waitFor()
  return site
}
