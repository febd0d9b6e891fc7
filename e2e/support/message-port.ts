/** Creates both ends of a page's connection over a message port. */
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { Sessions } from '../../shared/lab/sessions.ts'
import type { Role } from '../../shared/wire/protocol.ts'
import type { Transport } from '../../web/store/live/connection.ts'

/** Connects a page to a lab in this process. `onOpen` gets a function that breaks each connection. */
export function overMessagePort(
  sessions: Sessions,
  role: Role,
  onOpen: (cut: () => void) => void = () => {},
): Transport {
  return {
    open({ opened, said, closed }) {
      const { port1: lab, port2: page } = new MessageChannel()
      serve(sessions, role, lab)
      page.on('message', said)
      page.on('close', closed)
      queueMicrotask(opened)
      onOpen(() => lab.close())
      return { send: (text) => page.postMessage(text), close: () => page.close() }
    },
    whyShut: async () => undefined,
  }
}

/** A message port does not count unread bytes: the owner of the other end takes them at once. */
function serve(sessions: Sessions, role: Role, port: MessagePort) {
  const send = ({ text }: { text: string }) => port.postMessage(text)
  const session = sessions.open({ waiting: 0, send, close: () => port.close() }, role)
  port.on('message', (text) => session?.hear(String(text)))
  port.on('close', () => session?.end())
}
