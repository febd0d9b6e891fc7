import { GossipNode, type Reply } from '../../shared/node/gossip-node.ts'
import { now } from '../platform/clock.ts'
import { EXIT, type FromNode, type NodeConfig, type ToNode } from '../platform/node-link.ts'
import { ensureRuntimeDirectory } from '../platform/runtime/directory.ts'
import { register, unregister } from '../platform/runtime/registry.ts'
import { explainStart } from '../platform/system-errors.ts'
import { takeKey } from './key.ts'
import { machine } from './machine.ts'
import { fail } from './say.ts'

/** Runs a node of a lab: takes lines and changes over IPC, sends reports, and never outlives its supervisor. */
export async function runSupervised(config: NodeConfig) {
  const port = config.rootId + config.id
  const leave = (code: number) => {
    unregister(config.runtime, port)
    process.exit(code)
  }
  process.on('disconnect', () => leave(EXIT.orphaned))
  if (!process.connected) leave(EXIT.orphaned)
  // Ctrl-C and a closed terminal reach the whole process group; the supervisor ends the nodes in order.
  process.on('SIGINT', () => {})
  process.on('SIGHUP', () => {})
  const node = new GossipNode({
    platform: machine,
    ...config,
    ...takeKey(),
    generationIs: 'counted',
    port,
    deliver: (reports, done) => tell({ type: 'reports', reports }, done),
    onCrash: () => leave(EXIT.crashed),
  })
  process.on('message', (message) => answer(node, message as ToNode))
  try {
    await node.start(config.tcp)
    register(ensureRuntimeDirectory(config.runtime), port)
    tell({ type: 'ready' })
  } catch (error) {
    fail(explainStart(error as Error), EXIT.failed)
  }
}

const isDeed = ({ type }: ToNode): boolean =>
  type === 'msg' || type === 'chatLog' || type === 'listen' || type === 'release'

const replyTo = ({ id }: { readonly id: number }, { lines, why }: Reply): FromNode =>
  why === undefined ? { type: 'answer', id, lines } : { type: 'refusal', id, why }

function answer(node: GossipNode, message: ToNode) {
  if ('until' in message && isDeed(message) && now() > message.until) {
    tell({ type: 'refusal', id: message.id, why: 'it was suspended or too busy, and the command came too late' })
    return
  }
  switch (message.type) {
    case 'ping':
      tell({ type: 'pong' })
      break
    case 'msg':
      tell(replyTo(message, node.msg(message.text)))
      break
    case 'chatLog':
      tell(replyTo(message, node.chatLog()))
      break
    case 'crash':
      if (message.grace) node.crashInGrace()
      else node.crash()
      break
    case 'listen':
      node.listen(message.port).then(
        () => tell({ type: 'answer', id: message.id, lines: [] }),
        (error) => tell({ type: 'refusal', id: message.id, why: explainStart(error) }),
      )
      break
    case 'unlisten':
      node.unlisten(message.port)
      tell({ type: 'answer', id: message.id, lines: [] })
      break
    case 'faults':
      node.fail(message.faults)
      tell({ type: 'answer', id: message.id, lines: [] })
      break
    case 'key':
      void node.shareKey(message.key ?? undefined).then(() => tell({ type: 'answer', id: message.id, lines: [] }))
      break
    case 'release':
      tell(
        node.release(message.ticket, message.how)
          ? { type: 'answer', id: message.id, lines: [] }
          : { type: 'refusal', id: message.id, why: 'it is no longer held' },
      )
      break
    case 'neighbour-up':
      node.neighbourUp(message.port, message.generation)
      break
    case 'configure':
      node.configure(message)
      break
  }
}

function tell(message: FromNode, done?: () => void) {
  // Without a supervisor nobody can be informed, and `disconnect` ends this process.
  if (process.connected) process.send?.(message, () => done?.())
  else done?.()
}
