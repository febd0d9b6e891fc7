import { availableParallelism } from 'node:os'
import react from '@vitejs/plugin-react'
import { configDefaults, defineConfig, type TestProjectConfiguration } from 'vitest/config'
import { licenceTexts } from './scripts/licence-texts.ts'
import { LongestFirst } from './scripts/longest-first.ts'
import { oneFile } from './scripts/one-file.ts'
import { precompress } from './scripts/precompress.ts'
import { shortClassNames } from './scripts/short-class-names.ts'

/** Lists the bundled packages and their licences; each part of the build has one. */
const LICENCES = 'third-party.md'

/** `npm test` runs these, `npm run test:all` the other files of e2e/ as well, but for those of `npm run test:long`. */
const JOURNEYS = [
  'architecture',
  'first-run',
  'fork',
  'hold',
  'lecture',
  'message-port',
  'page',
  'page-load',
  'scenario',
  'space-time',
  'time-bar',
].map((name) => `e2e/${name}.test.ts`)
const LONG = ['check-suite', 'dockerfile', 'engines', 'old-node', 'same-outcome', 'site-whole', 'soak'].map(
  (name) => `e2e/${name}.test.ts`,
)

/** Files with real processes and a real browser. */
function endToEnd(name: string, include: string[], exclude: string[] = []): TestProjectConfiguration {
  return {
    extends: true,
    test: {
      name,
      include,
      exclude: [...configDefaults.exclude, ...exclude],
      // Builds what they start, and starts the browser that they share.
      globalSetup: ['e2e/support/build.ts', 'e2e/support/start-browser.ts'],
    },
  }
}

/**
 * `vite build --app` makes three things:
 *   dist/web      the page, and rumorscope.html: the whole lab in one file, with simulated nodes
 *   dist/server   the supervisor (ESM; with its packages, so that the package of npm needs no other)
 *   dist/node     one gossip process: a single CommonJS file without dependencies, because it is started
 *                 dozens of times and every millisecond of loading is multiplied
 * A program ends with `isWholeBuild`, by which scripts/start.cjs and scripts/process.cjs tell one that was cut short.
 */
export default defineConfig({
  root: 'web',
  plugins: [react(), oneFile('file'), precompress(), licenceTexts(LICENCES)],
  worker: { format: 'iife' },
  builder: {},
  css: { modules: { generateScopedName: shortClassNames() } },
  build: { emptyOutDir: true, license: { fileName: LICENCES } },
  environments: {
    client: {
      build: {
        outDir: '../dist/web',
        // One sheet: a part that could not be loaded at first is loaded again, and its sheet would not be.
        cssCodeSplit: false,
        // The first load stays one file, whatever later parts share with it: a page that is saved as a file must carry it
        // whole.
        rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'index', tags: ['$initial'] }] } } },
      },
    },
    // As in vite.site.config.ts: a saved page that can go on in simulation is made of it.
    file: {
      consumer: 'client',
      build: {
        outDir: '../dist/web',
        emptyOutDir: false,
        copyPublicDir: false,
        cssCodeSplit: false,
        assetsInlineLimit: Number.MAX_SAFE_INTEGER,
        modulePreload: false,
        license: false,
        rolldownOptions: { input: 'web/site/rumorscope.html', output: { codeSplitting: false } },
      },
    },
    server: {
      consumer: 'server',
      // A package installs nothing. Only the programs of developers drive a browser.
      resolve: { noExternal: true, external: ['playwright-core', '@axe-core/playwright'] },
      build: {
        outDir: '../dist/server',
        ssr: true,
        copyPublicDir: false,
        target: 'node20',
        rolldownOptions: {
          input: {
            main: '../server/cli/lab.ts',
            stopall: '../server/cli/stopall.ts',
            run: '../server/cli/run.ts',
            check: '../server/cli/check.ts',
            bench: '../e2e/bench/main.ts',
            viewerClients: '../e2e/bench/viewer-clients.ts',
            manyRestarts: '../e2e/bench/many-restarts.ts',
            soak: '../e2e/soak/main.ts',
            screenshots: '../e2e/screenshots/main.ts',
            fuzz: '../scripts/fuzz.ts',
            long: '../scripts/long/main.ts',
            release: '../scripts/release/main.ts',
            study: '../scripts/study/main.ts',
          },
          // Side by side: what finds the root from where it is finds it in a shared chunk too.
          output: {
            format: 'esm',
            // Only spaces and comments go: a stack keeps its names.
            minify: { compress: false, mangle: false, codegen: true },
            entryFileNames: '[name].js',
            chunkFileNames: '[name]-[hash].js',
            footer: ({ isEntry }) => (isEntry ? 'export const isWholeBuild = true' : ''),
          },
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
          output: {
            format: 'cjs',
            entryFileNames: '[name].cjs',
            footer: 'exports.isWholeBuild = true',
            comments: false,
          },
        },
      },
    },
  },
  test: {
    root: '.',
    // Limits for a busy machine, not expectations: most tests start processes and wait for them.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    // One per core: the default is one less. No more, because the course's proxy waits in real time.
    maxWorkers: availableParallelism(),
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['shared/**/*.test.ts', 'server/**/*.test.ts', 'web/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'],
        },
      },
      endToEnd('journeys', JOURNEYS),
      endToEnd('e2e', ['e2e/**/*.test.ts'], [...JOURNEYS, ...LONG]),
      endToEnd('long', LONG),
    ],
  },
})
