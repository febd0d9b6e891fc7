/**
 * Packs a recording and the page that shows it into one file, which opens from a disk and loads nothing from a network.
 * It consists of this page's own built files. No text of people can become markup: the recording is JSON without a
 * single `<`, and the file's policy allows only the script with this file's own nonce, and the worker that it carries.
 */
import { InWords } from '../model/trouble.ts'
import { EMBEDDED_ID, type Embedded } from '../store/files/embedded.ts'

const POLICY = (mark: string) =>
  [
    "default-src 'none'",
    `script-src 'nonce-${mark}'`,
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    'img-src data: blob:',
    'font-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')

/** The page in one file with all its parts, beside the page itself: `npm run build` and `npm run site` make it. */
const WHOLE = 'rumorscope.html'

/** Whether this page is a file that has all its parts in itself. */
export const isOneFile = (): boolean => document.querySelector(SCRIPTS) === null

const SCRIPTS = 'script[type="module"][src]'

/**
 * Returns a page with the parts of the first load, or with all parts, among them the simulator. `place` is the initial
 * hash of the address: `#t=12418`.
 */
export async function webPageOf(recording: Embedded, place: string, isWhole: boolean): Promise<Blob> {
  const [script, styles] = isWhole ? partsIn(await wholePage()) : await Promise.all([ownScript(), ownStyles()])
  const mark = crypto.getRandomValues(new Uint32Array(4)).join('-')
  const parts = [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="content-security-policy" content="${POLICY(mark)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">',
    '<meta name="color-scheme" content="light dark">',
    '<title>Rumorscope: a recording</title>',
    `<style>${styles}</style>`,
    '</head>',
    '<body>',
    '<div id="root"></div>',
    `<script type="application/json" id="${EMBEDDED_ID}">${asText(recording)}</script>`,
    `<script type="module" nonce="${mark}">${opening(place)}${inScript(script)}</script>`,
    '</body>',
    '</html>',
    '',
  ]
  return new Blob([parts.join('\n')], { type: 'text/html' })
}

/** Neither `</script` nor `<!--` can be in it. */
const asText = (json: unknown): string => JSON.stringify(json).replaceAll('<', '\\u003c')

/** A hash in the address has priority. */
const opening = (place: string): string => `if (!location.hash) location.hash = ${asText(place)};\n`

/** In the strings and comments of a script these mean the same; elsewhere they do not occur. */
const inScript = (script: string): string => script.replace(/<\/(script)/gi, '<\\/$1').replaceAll('<!--', '<\\!--')

/** This very page, if it is one. */
const wholePage = async (): Promise<Document> =>
  isOneFile() ? document : new DOMParser().parseFromString(await textAt(new URL(WHOLE, document.baseURI)), 'text/html')

/** A script at the end of the body, and a style sheet before those that views add. */
function partsIn(whole: Document): [script: string, styles: string] {
  const script = whole.querySelector('script[type="module"]')?.textContent
  const styles = whole.querySelector('style')?.textContent
  if (!script || !styles) throw new Error(`${WHOLE} lacks its script or its style sheet`)
  return [script, styles.replace(/<\/(style)/gi, '<\\/$1')]
}

async function ownScript(): Promise<string> {
  const scripts = [...document.querySelectorAll<HTMLScriptElement>(SCRIPTS)]
  // A script's imports come before it.
  const entry = scripts.at(-1)
  if (!entry) throw new Error('there is no script to pack')
  return withImports(await textAt(entry.src), entry.src)
}

/** Inlines the scripts that a script imports; each import carries the nonce of its importer. */
async function withImports(script: string, base: string): Promise<string> {
  const names = [...new Set([...script.matchAll(/\bfrom\s*["'](\.\/[^"']+\.js)["']/g)].map(([, name = '']) => name))]
  const data = await Promise.all(names.map((name) => dataUrl(new URL(name, base))))
  return names.reduce((text, name, place) => text.replaceAll(`from"${name}"`, `from"${data[place]}"`), script)
}

async function ownStyles(): Promise<string> {
  const links = [...document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')]
  const sheets = await Promise.all(links.map(async ({ href }) => withFonts(await textAt(href), href)))
  return sheets.join('\n').replace(/<\/(style)/gi, '<\\/$1')
}

/** Inlines the files that the style sheet loads; of a font in two formats the smaller one. */
async function withFonts(sheet: string, base: string): Promise<string> {
  const lean = sheet.replace(/,\s*url\([^)]*\.woff\)\s*format\(["']?woff["']?\)/g, '')
  const urls = [...new Set([...lean.matchAll(/url\(["']?(?!data:)([^)"']+)["']?\)/g)].map(([, url = '']) => url))]
  const data = await Promise.all(urls.map((url) => dataUrl(new URL(url, base))))
  return urls.reduce((text, url, place) => text.replaceAll(url, data[place] ?? url), lean)
}

async function textAt(url: string | URL): Promise<string> {
  return (await found(url)).text()
}

export async function dataUrl(url: URL): Promise<string> {
  const content = await (await found(url)).blob()
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(content)
  })
}

async function found(url: string | URL): Promise<Response> {
  const response = await fetch(url).catch(() => null)
  if (!response?.ok)
    throw new InWords('The lab does not respond, and it provides parts of this page. Try again when the lab is back.')
  return response
}
