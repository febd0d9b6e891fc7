/**
 * Lists mutants of our own node whose fault shows outside of it, each with the built-in test that fails it. `edits` are
 * texts that occur once in a source file: the build of a mutant replaces them.
 */
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import type { Program } from '../../server/hosts/program/program.ts'
import { ROOT } from '../../server/test-support/processes.ts'

export interface OwnMutant {
  readonly test: string
  /** Completes "Our node, but it ...". */
  readonly does: string
  /** By source file: texts, and what replaces them. */
  readonly edits: Readonly<Record<string, readonly (readonly [string, string])[]>>
  /** Its test fails within seconds, so that it runs with every landing. */
  readonly isQuick?: true
}

const GOSSIP = 'shared/gossip/gossip.ts'
const STANDALONE = 'server/node/standalone.ts'
const ADDED = "if (present !== undefined) return present === text ? 'held' : 'conflict'"

export const OWN_MUTANTS: readonly OwnMutant[] = [
  {
    test: 'agreement after quiet',
    does: 'passes on only its own messages',
    edits: {
      [GOSSIP]: [
        ['this.#spread(rumor, from, now)', ''],
        ['for (const origin of lacked) {', 'for (const origin of lacked) {\nif (origin !== this.self) continue'],
      ],
    },
  },
  {
    test: 'order of each origin',
    does: 'puts a message of others before the earlier ones',
    edits: {
      'shared/gossip/log.ts': [
        [
          'log.prefix.push(next.text)',
          'if (next.from === null) log.prefix.push(next.text)\nelse log.prefix.unshift(next.text)',
        ],
      ],
    },
    isQuick: true,
  },
  {
    test: 'empty chat log',
    does: 'answers nothing while it has no message',
    edits: { 'shared/node/chat-log.ts': [["|| '<empty>'", '']] },
    isQuick: true,
  },
  {
    test: 'commas in a text',
    does: 'drops what follows a comma in a rumor',
    edits: {
      'shared/gossip/wire.ts': [
        [
          "return { kind: 'rumor', sender, origin, seq, text: stringOf(text) }",
          "return { kind: 'rumor', sender, origin, seq, text: stringOf(text).split(/,|%2C/)[0] }",
        ],
      ],
    },
    isQuick: true,
  },
  {
    test: 'texts of other scripts',
    does: 'reads rumors as Latin-1',
    edits: {
      'shared/gossip/wire.ts': [
        [
          "return { kind: 'rumor', sender, origin, seq, text: stringOf(text) }",
          "return { kind: 'rumor', sender, origin, seq, text: Buffer.from(text).toString('latin1') }",
        ],
      ],
    },
  },
  {
    test: 'one number, one text',
    does: 'counts from 0 again after a restart',
    edits: {
      [STANDALONE]: [
        ['generation: takeGeneration(directory, port)', 'generation: 0'],
        ["generationIs: 'remembered'", "generationIs: 'counted'"],
      ],
    },
  },
  {
    test: 'a message and a crash in one segment',
    does: 'takes one line of each segment',
    edits: {
      'server/platform/line-splitter.ts': [
        ['if (line !== undefined) yield line', 'if (line !== undefined) return yield line'],
      ],
    },
    isQuick: true,
  },
  {
    test: 'crash ends a program by itself',
    does: 'only closes its sockets when it crashes',
    edits: {
      [STANDALONE]: [['onCrash: () => leave(EXIT.crashed)', 'onCrash: () => void setInterval(() => {}, 1_000)']],
    },
  },
  {
    test: 'a stopped neighbour comes back',
    does: 'never sends again to a neighbour that was silent',
    edits: {
      'shared/gossip/peer.ts': [['this.silent = false', '']],
      [GOSSIP]: [
        [
          "this.#effects.push({ kind: 'send', to, why, datagram })",
          "if (!this.#peer(to)?.silent) this.#effects.push({ kind: 'send', to, why, datagram })",
        ],
      ],
    },
  },
  {
    test: 'cut and heal',
    does: 'has neither anti-entropy nor retries',
    edits: {
      [GOSSIP]: [["for (const status of statuses) this.#send(port, 'anti-entropy', status)", '{}']],
      'shared/gossip/settings.ts': [['retries: 3', 'retries: 0']],
    },
  },
  {
    test: 'doubled datagrams',
    does: 'stores a message again each time it comes',
    edits: {
      'shared/gossip/log.ts': [
        [ADDED, ''],
        ['if (ahead === 0) this.#show', 'if (ahead <= 0) this.#show'],
      ],
    },
  },
  {
    test: 'datagrams that make no sense',
    does: 'throws on a datagram that it cannot parse',
    edits: {
      'shared/gossip/wire.ts': [
        [
          "const malformed = (why: string): Malformed => ({ kind: 'malformed', why })",
          'const malformed = (why: string): Malformed => { throw new Error(why) }',
        ],
      ],
    },
  },
  {
    test: 'a client that does not read',
    does: 'waits for a client that does not read its answers',
    edits: {
      'server/platform/line-splitter.ts': [['MAX_UNREAD_BYTES = 4 * 1_024 * 1_024', 'MAX_UNREAD_BYTES = 65_536']],
      'server/node/line-interface.ts': [
        ['    client.pause()', '    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)'],
      ],
    },
  },
]

/** Builds mutants, and returns them by the test that fails them. @throws (rejects) as `builtMutant` does. */
export async function builtMutants(mutants: readonly OwnMutant[]): Promise<ReadonlyMap<string, Program>> {
  return new Map(await Promise.all(mutants.map(async (one) => [one.test, await builtMutant(one)] as const)))
}

/** Builds a mutant. @throws (rejects) Error if the source no longer has one of the texts. */
async function builtMutant({ does, edits }: OwnMutant): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), 'rs-mutant-'))
  const left = new Map(Object.entries(edits).map(([file, texts]) => [join(ROOT, file), texts]))
  await build({
    configFile: false,
    logLevel: 'error',
    root: ROOT,
    plugins: [
      {
        name: 'mutant',
        enforce: 'pre',
        async load(id) {
          const texts = left.get(id)
          left.delete(id)
          return texts && edited(await readFile(id, 'utf8'), texts, id)
        },
      },
    ],
    ssr: { noExternal: true },
    build: {
      outDir: folder,
      ssr: 'server/node/main.ts',
      copyPublicDir: false,
      target: 'node20',
      rolldownOptions: { output: { format: 'cjs', entryFileNames: 'process.cjs' } },
    },
  })
  if (left.size > 0) throw new Error(`our node, but it ${does}: ${[...left.keys()].join(' and ')} is not part of it`)
  return { argv: [process.execPath, '--v8-pool-size=0', join(folder, 'process.cjs')], folder }
}

function edited(text: string, edits: readonly (readonly [string, string])[], file: string): string {
  return edits.reduce((code, [find, replace]) => {
    if (code.split(find).length !== 2) throw new Error(`${file} no longer has this text once: ${find}`)
    return code.replace(find, () => replace)
  }, text)
}
