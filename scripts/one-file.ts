/** Makes one HTML file of a built page: its script, its style sheet and its fonts are in it. */
import { basename } from 'node:path'
import type { Plugin } from 'vite'

/** Fonts for languages that the page does not have: 180 kB. */
const OTHER_SCRIPTS = /\/\* [\w-]*(?:cyrillic|greek|vietnamese)[\w-]* \*\/\s*@font-face\s*\{[^}]*\}/g

/** The larger of two formats of a font, for browsers that run no module either. */
const OLD_FORMAT = /,\s*url\([^)]*\.woff\)\s*format\(["']?woff["']?\)/g

export function oneFile(environment: string): Plugin[] {
  const applyToEnvironment = ({ name }: { readonly name: string }) => name === environment
  return [
    {
      name: 'fewer-fonts',
      enforce: 'pre',
      applyToEnvironment,
      transform: (code, id) =>
        /@fontsource.*\.css/.test(id) ? code.replace(OTHER_SCRIPTS, '').replace(OLD_FORMAT, '') : undefined,
    },
    {
      name: 'one-file',
      enforce: 'post',
      applyToEnvironment,
      generateBundle: {
        // After Vite has put its own words for parts that load on demand into the script.
        order: 'post',
        handler(_, bundle) {
          const files = Object.values(bundle)
          const page = files.find(({ fileName }) => fileName.endsWith('.html'))
          if (page?.type !== 'asset') throw new Error('there is no page to pack')
          let html = String(page.source)
          for (const file of files) {
            if (file === page) continue
            const text = file.type === 'chunk' ? file.code : String(file.source)
            const isScript = file.type === 'chunk'
            const tag = new RegExp(`<(?:script|link)[^>]*${file.fileName}"[^>]*>(?:</script>)?`)
            if (!tag.test(html)) throw new Error(`the page does not load ${file.fileName}`)
            // A script at the end of the body: the page is there when it runs.
            html = isScript
              ? html
                  .replace(tag, '')
                  .replace('</body>', () => `<script type="module">${inScript(text)}</script>\n  </body>`)
              : html.replace(tag, () => `<style>${text.replace(/<\/(style)/gi, '<\\/$1')}</style>`)
            delete bundle[file.fileName]
          }
          page.source = html
          page.fileName = basename(page.fileName)
        },
      },
    },
  ]
}

/** In the strings and comments of a script these mean the same; elsewhere they do not occur. */
const inScript = (script: string): string => script.replace(/<\/(script)/gi, '<\\/$1').replaceAll('<!--', '<\\!--')
