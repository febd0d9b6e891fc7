import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { oneFile } from './scripts/one-file.ts'
import { shortClassNames } from './scripts/short-class-names.ts'
import { siteFiles } from './scripts/site-files.ts'

/**
 * `npm run site` makes the lab without an installation, in dist/site: static files for any folder of any web server,
 * among them a service worker with which it works offline, and rumorscope.html, which is the same in one file.
 */
export default defineConfig({
  root: 'web/site',
  base: './',
  publicDir: '../public',
  plugins: [react(), oneFile('file'), siteFiles('offline', 'dist/site')],
  worker: { format: 'iife' },
  css: { modules: { generateScopedName: shortClassNames() } },
  builder: {
    async buildApp(builder) {
      for (const name of ['client', 'offline', 'file']) {
        const environment = builder.environments[name]
        if (environment) await builder.build(environment)
      }
    },
  },
  environments: {
    client: {
      build: {
        outDir: '../../dist/site',
        emptyOutDir: true,
        license: { fileName: 'third-party.md' },
        cssCodeSplit: false,
        // As in the page of a server: a page that is saved as a file must carry its first load whole.
        rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'index', tags: ['$initial'] }] } } },
      },
    },
    offline: {
      consumer: 'client',
      build: {
        outDir: '../../dist/site',
        emptyOutDir: false,
        copyPublicDir: false,
        rolldownOptions: { input: 'web/site/offline.ts', output: { format: 'iife', entryFileNames: 'offline.js' } },
      },
    },
    file: {
      consumer: 'client',
      build: {
        outDir: '../../dist/site',
        emptyOutDir: false,
        copyPublicDir: false,
        cssCodeSplit: false,
        assetsInlineLimit: Number.MAX_SAFE_INTEGER,
        modulePreload: false,
        rolldownOptions: { input: 'web/site/rumorscope.html', output: { codeSplitting: false } },
      },
    },
  },
})
