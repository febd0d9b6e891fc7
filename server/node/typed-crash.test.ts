/**
 * Tests a crash typed over TCP, or read from a file: the node forwards messages in flight and takes no further line.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { EXIT } from '../platform/node-link.ts'
import { connectTo, peerOn } from '../test-support/peers.ts'
import { lineOf } from '../test-support/standalone.ts'

/** Node 1 of 3 between two foreign programs, and a client of its lines. */
async function betweenPeers() {
  const line = await lineOf(3)
  const [before, after] = await Promise.all([peerOn(line.udp), peerOn(line.udp + 2)])
  const node = await line.node(1)
  const client = await connectTo(line.tcp + 1)
  const port = line.udp + 1
  let said = 0
  /** A message that the peer received before. */
  const say = (text: string) => before.send(port, `rumor:${before.port}:{${text},${before.port},${said++}}`)
  return { line, before, after, node, client, port, say }
}

const isRumor = (text: string) => (datagram: string) => datagram.startsWith('rumor:') && datagram.includes(`{${text},`)

describe('a node after a typed crash', () => {
  test('forwards a message that was in flight, and then ends as a crash does', async () => {
    const { client, say, after, node } = await betweenPeers()
    client.send('msg 1 last\ncrash\n')
    await say('hello')
    await after.next(isRumor('last'))
    await after.next(isRumor('hello'))
    expect((await node.ended).code).toBe(EXIT.crashed)
    await client.closed
  })

  test('takes no further line of any client, and no further client', async () => {
    const { line, client, say, after, node } = await betweenPeers()
    const other = await connectTo(line.tcp + 1)
    // The node has accepted the connection.
    expect(await other.chatLog()).toBe('<empty>')
    client.send('msg 1 first\ncrash\nmsg 2 late\n')
    await after.next(isRumor('first'))
    await say('hello')
    await after.next(isRumor('hello'))
    other.send('msg 1 late too\nget chatLog\n')
    await expect(connectTo(line.tcp + 1)).rejects.toThrow(/ECONN/)
    await node.ended
    await expect(
      Promise.race([after.next(isRumor('late')), other.line(), other.closed.then(() => 'closed')]),
    ).resolves.toBe('closed')
  })

  test('ends though datagrams keep coming', async () => {
    const { client, before, port, node } = await betweenPeers()
    let over = false
    void node.ended.then(() => {
      over = true
    })
    client.send('crash\n')
    while (!over) {
      await before.send(port, `status:${before.port}:{}`)
      await nextTurn()
    }
    expect((await node.ended).code).toBe(EXIT.crashed)
  })

  test('ends at once when its chat log has just been read: a message typed after that does not slip through', async () => {
    const { client, say, after, node } = await betweenPeers()
    await say('hello')
    await after.next(isRumor('hello'))
    expect(await client.chatLog()).toBe('hello')
    client.send('crash\n')
    await node.ended
    await say('network')
    const marker = await peerOn()
    await marker.send(after.port, 'all that came')
    expect(await after.next((text) => isRumor('network')(text) || text === 'all that came')).toBe('all that came')
  })

  test('is restarted by hand while it forwards, and the next life waits for its port', async () => {
    const { line, client, say, after, node } = await betweenPeers()
    client.send('msg 1 one\ncrash\n')
    await say('hello')
    await after.next(isRumor('hello'))
    const [next] = await Promise.all([line.node(1), node.ended])
    expect(next.child.exitCode).toBeNull()
    const again = await connectTo(line.tcp + 1)
    again.send('msg 1 two\n')
    expect(await after.next(isRumor('two'))).toContain(`,${65_536 + line.udp + 1},0}`)
  })
})
