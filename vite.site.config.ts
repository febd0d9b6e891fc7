import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { oneFile } from './scripts/one-file.ts'

/**
 * `npm run site` makes the lab without an installation, in dist/site: static files for any folder of any web server, and
 * rumorscope.html, which is the same in one file.
 */
export default defineConfig({
  root: 'web/site',
  base: './',
  publicDir: '../public',
  plugins: [react(), oneFile('file')],
  worker: { format: 'iife' },
  builder: {
    async buildApp(builder) {
      for (const name of ['client', 'file']) {
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
