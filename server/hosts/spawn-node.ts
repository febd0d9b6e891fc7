import { type ChildProcess, spawn } from 'node:child_process'
import { KEY_VARIABLE, type NodeConfig, SUPERVISED } from '../platform/node-link.ts'

/**
 * Variables that affect Node and its libraries, and those of our programs that are started by hand. They may cost a
 * node start-up time (NODE_EXTRA_CA_CERTS), make it write to stderr (NODE_DEBUG), or keep it from starting
 * (NODE_OPTIONS, OPENSSL_CONF); a node needs none of them.
 */
const NOT_FOR_NODES = /^(NODE_|OPENSSL_|SSL_CERT_|UV_|RUMORSCOPE_)/i

/** Returns the part of the lab's environment that a node gets. */
export const environmentOfNode = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !NOT_FOR_NODES.test(name)))

/** Returns the command line that runs another one in another network, as the same process. */
export type Inside = (argv: readonly string[]) => readonly string[]

/** Starts the process of a node. `key` is shared by all nodes; without `inside` it is in the network of the lab. */
export function spawnNode(
  bundle: string,
  config: NodeConfig,
  key: string | undefined,
  inside: Inside = (argv) => argv,
): ChildProcess {
  const env = environmentOfNode(process.env)
  const own = [process.execPath, '--v8-pool-size=0', bundle, SUPERVISED, JSON.stringify(config)]
  const [file = '', ...words] = inside(own)
  return spawn(file, words, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // Not an argument: everybody on the machine can read those.
    env: key === undefined ? env : { ...env, [KEY_VARIABLE]: key },
  })
}
