import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'
import { precompress } from './scripts/precompress.ts'

/**
 * `vite build --app` makes three things:
 *   dist/web      the page
 *   dist/server   the supervisor (ESM; its packages stay in node_modules)
 *   dist/node     one gossip process: a single CommonJS file without dependencies, because it is started
 *                 dozens of times and every millisecond of loading is multiplied
 */
export default defineConfig({
  root: 'web',
  plugins: [react(), precompress()],
  builder: {},
  build: { emptyOutDir: true },
  environments: {
    client: {
      build: {
        outDir: '../dist/web',
        // One sheet: a part that could not be loaded at first is loaded again, and its sheet would not be.
        cssCodeSplit: false,
        // What the page begins with stays one file, whatever is loaded later shares with it: the page that is saved as a
        // file has to carry it whole.
        rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'index', tags: ['$initial'] }] } } },
      },
    },
    server: {
      consumer: 'server',
      build: {
        outDir: '../dist/server',
        ssr: true,
        copyPublicDir: false,
        target: 'node20',
        rolldownOptions: {
          input: {
            main: '../server/main.ts',
            stopall: '../server/stopall.ts',
            run: '../server/scenario/main.ts',
            bench: '../e2e/bench/main.ts',
            viewerClients: '../e2e/bench/viewer-clients.ts',
            soak: '../e2e/soak/main.ts',
            screenshots: '../e2e/screenshots/main.ts',
            fuzz: '../scripts/fuzz.ts',
            study: '../scripts/study/main.ts',
          },
          // Side by side: what finds the root from where it is finds it in a shared chunk too.
          output: { format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
        },
      },
    },
    node: {
      consumer: 'server',
      resolve: { noExternal: true },
      build: {
        outDir: '../dist/node',
        ssr: true,
        copyPublicDir: false,
        target: 'node20',
        rolldownOptions: {
          input: { process: '../server/node/main.ts' },
          output: { format: 'cjs', entryFileNames: '[name].cjs' },
        },
      },
    },
  },
  test: {
    root: '.',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['shared/**/*.test.ts', 'server/**/*.test.ts', 'web/**/*.test.{ts,tsx}'],
          // Those of the server start real processes, and wait for them on a machine that may be busy.
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          // What they start is what was built: here too, not only by `npm test`.
          globalSetup: 'e2e/support/build.ts',
          // Real processes and a real browser on two shared cores: after the unit tests, one file at a time, generous limits.
          sequence: { groupOrder: 1 },
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
