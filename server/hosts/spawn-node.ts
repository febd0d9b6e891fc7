import { type ChildProcess, spawn } from 'node:child_process'
import { KEY_VARIABLE, type NodeConfig, SUPERVISED } from '../platform/node-link.ts'

/**
 * Variables that tell Node, and what it is built on, how to run, and those of our programs that are started by hand. They
 * may cost a node start-up time (NODE_EXTRA_CA_CERTS), make it write to stderr (NODE_DEBUG), or keep it from starting
 * (NODE_OPTIONS, OPENSSL_CONF); none of them is of use to it.
 */
const NOT_FOR_NODES = /^(NODE_|OPENSSL_|SSL_CERT_|UV_|RUMORSCOPE_)/i

/** Returns what a node of the lab gets of the lab's own environment. */
export const environmentOfNode = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !NOT_FOR_NODES.test(name)))

/** Starts the process of a node. `key` is the one that all nodes share. */
export function spawnNode(bundle: string, config: NodeConfig, key: string | undefined): ChildProcess {
  const env = environmentOfNode(process.env)
  return spawn(process.execPath, ['--v8-pool-size=0', bundle, SUPERVISED, JSON.stringify(config)], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // Not with the arguments: everybody on the machine can read those.
    env: key === undefined ? env : { ...env, [KEY_VARIABLE]: key },
  })
}
