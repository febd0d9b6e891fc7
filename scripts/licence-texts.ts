/** Completes the list of bundled packages for those that name a licence and come without its text. */
import type { Plugin } from 'vite'

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`

/** The package's Readme refers to http://jsumners.mit-license.org/ for the text, and its package.json names its author. */
const TEXTS: Readonly<Record<string, string>> = {
  'abstract-logging': `MIT License\n\nCopyright (c) James Sumners\n\n${MIT}`,
}

/** Returns the list with the missing texts. An entry that has one keeps it. */
export function withLicenceTexts(list: string): string {
  return list
    .split(/^(?=## \S+ - \d)/m)
    .map((entry) => {
      const [heading = '', name = ''] = /^## (\S+) - \d.*/.exec(entry) ?? []
      const text = TEXTS[name]
      const hasText = entry.slice(heading.length).trim() !== ''
      return text === undefined || hasText ? entry : `${heading}\n\n${text}\n\n`
    })
    .join('')
}

/** `fileName` is the list, as build.license writes it. */
export function licenceTexts(fileName: string): Plugin {
  return {
    name: 'licence-texts',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const list = bundle[fileName]
        if (list?.type === 'asset') list.source = withLicenceTexts(`${list.source}`)
      },
    },
  }
}
