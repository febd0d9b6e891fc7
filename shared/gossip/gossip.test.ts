/**
 * The rules of docs/protocol.md with the handout's settings: fanout 1, window 1, nothing repeated. The machine is
 * node 1 of a line; the test plays its neighbours, 40000 and 40002.
 */
import { describe, expect, test } from 'vitest'
import { facts, LEFT, lines, ME, RIGHT, rumor, sends, status, TestNode } from './fixture.ts'

const FAR = 40_007

describe('rule 1 (report, ProxyThread: every time the server receives a new msg, send a rumor)', () => {
  test('a typed message is stored under the next number and passed to one random neighbour', () => {
    const node = new TestNode()
    const [first] = sends(node.type('Lexi'))
    expect(first?.datagram).toEqual(rumor(ME, ME, 0, 'Lexi'))
    expect([LEFT, RIGHT]).toContain(first?.to)
    expect(sends(node.type('my528'))[0]?.datagram).toEqual(rumor(ME, ME, 1, 'my528'))
    expect(node.gossip.log.entries().map(({ text }) => text)).toEqual(['Lexi', 'my528'])
  })

  test('the neighbour is random: in many lives both get the first rumor', () => {
    const targets = Array.from({ length: 20 }, (_, seed) => sends(new TestNode({}, { seed }).type('a'))[0]?.to)
    expect(new Set(targets)).toEqual(new Set([LEFT, RIGHT]))
  })

  test('with fanout 2 both sides of the line get it', () => {
    expect(lines(new TestNode({ fanout: 2 }).type('a')).sort()).toEqual([
      '40000 <- rumor:40001:{a,40001,0}',
      '40002 <- rumor:40001:{a,40001,0}',
    ])
  })

  test('a new rumor is passed on, never back to where it came from', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const node = new TestNode({ fanout: 2 }, { seed })
      expect(lines(node.receive(rumor(LEFT, FAR, 0, 'a')))).toEqual(['40002 <- rumor:40001:{a,40007,0}'])
    }
  })

  test('nor is it passed to a neighbour that is known to have it', () => {
    const node = new TestNode()
    node.turn(status(RIGHT, [FAR, 1]))
    expect(lines(node.receive(rumor(LEFT, FAR, 0)))).toEqual([])
  })

  test('a text that cannot be a message is refused, and nothing is sent', () => {
    const node = new TestNode()
    expect(facts(node.type(''), 'refused')).toEqual([{ type: 'refused', from: ME, why: 'the text is empty' }])
    expect(node.gossip.log.size).toBe(0)
  })
})

describe('rule 2 (report, Logic for handleRumorMessage)', () => {
  test('a rumor is answered with a status that names its owner first, also a rumor that is not new', () => {
    const node = new TestNode()
    node.turn(rumor(LEFT, 40_000, 0))
    const answer = ['40000 <- status:40001:{40007:1,40001:0,40000:1}']
    expect(lines(node.turn(rumor(LEFT, FAR, 0))).slice(-1)).toEqual(answer)
    expect(lines(node.turn(rumor(LEFT, FAR, 0)))).toEqual(answer)
  })

  test('the owner comes first even if the node has nothing contiguous of it', () => {
    expect(lines(new TestNode().turn(rumor(LEFT, FAR, 3))).slice(-1)).toEqual([
      '40000 <- status:40001:{40007:0,40001:0}',
    ])
  })

  test('the lowest-not-seen advances over every number already here, and messages that were kept back are shown', () => {
    const node = new TestNode()
    node.turn(rumor(LEFT, FAR, 1))
    expect(node.gossip.log.entries()).toEqual([])
    const effects = node.turn(rumor(RIGHT, FAR, 0))
    expect(facts(effects, 'stored').map(({ seq, from }) => [seq, from])).toEqual([
      [0, RIGHT],
      [1, LEFT],
    ])
    expect(lines(effects).slice(-1)).toEqual(['40002 <- status:40001:{40007:2,40001:0}'])
  })

  test('forwarding comes before acknowledging', () => {
    const node = new TestNode()
    expect(sends(node.receive(rumor(LEFT, FAR, 0))).map(({ why }) => why)).toEqual(['new'])
    expect(node.gossip.owesAcks).toBe(true)
    expect(sends(node.flushAcks()).map(({ why }) => why)).toEqual(['ack'])
    expect(node.gossip.owesAcks).toBe(false)
  })

  test('a burst from one neighbour is acknowledged by one status at the end of the turn', () => {
    const node = new TestNode()
    for (let seq = 0; seq < 5; seq += 1) node.receive(rumor(LEFT, FAR, seq))
    node.receive(rumor(RIGHT, 40_002, 0))
    expect(lines(node.flushAcks())).toEqual([
      '40000 <- status:40001:{40007:5,40001:0,40002:1}',
      '40002 <- status:40001:{40002:1,40001:0,40007:5}',
    ])
  })

  test('the answer goes to the port that the rumor names, neighbour or not', () => {
    expect(lines(new TestNode().turn(rumor(51_000, FAR, 0))).slice(-1)).toEqual([
      '51000 <- status:40001:{40007:1,40001:0}',
    ])
  })

  test('another text under a stored number does not replace the stored one', () => {
    const node = new TestNode()
    node.turn(rumor(LEFT, FAR, 0, 'first'))
    const effects = node.turn(rumor(LEFT, FAR, 0, 'second'))
    expect(facts(effects, 'refused')).toHaveLength(1)
    expect(node.gossip.log.text(FAR, 0)).toBe('first')
  })
})

/** A node that has messages 0 and 1 of 40007, both from the right, and 0 of its own. */
function informed(settings = {}) {
  const node = new TestNode(settings)
  node.turn(rumor(RIGHT, FAR, 0))
  node.turn(rumor(RIGHT, FAR, 1))
  node.type('mine')
  // It has given up the rumors it forwarded, so none is in flight.
  node.pass(1_500)
  return node
}

describe('rule 3 (report, Logic for handleStatusMessage)', () => {
  test('3a: the node sends, in order, the messages that the sender lacks, one before its next status', () => {
    const node = informed()
    expect(lines(node.turn(status(LEFT, [FAR, 0])))).toEqual(['40000 <- rumor:40001:{40007.0,40007,0}'])
    node.now += 10
    expect(lines(node.turn(status(LEFT, [FAR, 1])))).toEqual(['40000 <- rumor:40001:{40007.1,40007,1}'])
    node.now += 10
    expect(lines(node.turn(status(LEFT, [FAR, 2])))).toEqual(['40000 <- rumor:40001:{mine,40001,0}'])
  })

  test('3a: the first owner of the status comes first', () => {
    const node = informed()
    expect(lines(node.turn(status(LEFT, [ME, 0], [FAR, 0])))).toEqual(['40000 <- rumor:40001:{mine,40001,0}'])
  })

  test('3a: the window limits the number of rumors', () => {
    const node = informed({ window: 2 })
    expect(lines(node.turn(status(LEFT)))).toEqual([
      '40000 <- rumor:40001:{40007.0,40007,0}',
      '40000 <- rumor:40001:{40007.1,40007,1}',
    ])
  })

  test('3a: rumors in flight count, and a second status does not send them again', () => {
    const node = new TestNode({ coin: 0 })
    const to = sends(node.type('a'))[0]?.to ?? 0
    node.now += 10
    node.turn(status(to, [ME, 1]))
    node.turn(rumor(to === LEFT ? RIGHT : LEFT, FAR, 0))
    node.now += 5
    expect(facts(node.turn(status(to, [ME, 1])), 'compared')[0]?.verdict).toBe('they lack')
    expect(lines(node.turn(status(to, [ME, 1])))).toEqual([])
    // Once its answer is overdue, a rumor counts as lost.
    node.now += 100
    expect(lines(node.turn(status(to, [ME, 1])))).toHaveLength(1)
  })

  test('3b: the node asks for messages that the sender has more of, by a status with that owner first', () => {
    const node = new TestNode()
    const effects = node.turn(status(LEFT, [LEFT, 0], [FAR, 2]))
    expect(lines(effects)).toEqual(['40000 <- status:40001:{40007:0,40001:0}'])
    expect(facts(effects, 'compared')).toEqual([{ type: 'compared', with: LEFT, verdict: 'I lack' }])
  })

  test('3b: not while the sender lacks something: 3a comes first', () => {
    const node = informed()
    expect(sends(node.turn(status(LEFT, [50_000, 1]))).map(({ why }) => why)).toEqual(['missing'])
  })

  test('3b: the same gap is asked for once an ack timeout, so two statuses do not play ping-pong', () => {
    const node = new TestNode()
    node.turn(status(LEFT, [FAR, 2]))
    expect(lines(node.turn(status(LEFT, [FAR, 2])))).toEqual([])
    node.now += 1_000
    expect(lines(node.turn(status(LEFT, [FAR, 2])))).toHaveLength(1)
  })

  test('3c: a status that agrees and answers nothing is not answered', () => {
    const node = informed()
    const effects = node.turn(status(LEFT, [FAR, 2], [ME, 1]))
    expect(lines(effects)).toEqual([])
    expect(facts(effects, 'compared')[0]?.verdict).toBe('agree')
    expect(facts(effects, 'coin')).toEqual([])
  })

  test.each([
    ['heads: it stops', 0, true],
    ['tails: it goes on to the other neighbour', 1, false],
  ])('3c: when the status answers a rumor, a coin is flipped; %s', (_, coin, heads) => {
    const node = new TestNode({ coin })
    const first = sends(node.type('a'))[0]?.to ?? 0
    const other = first === LEFT ? RIGHT : LEFT
    const effects = node.turn(status(first, [ME, 1]))
    expect(facts(effects, 'coin')).toEqual([
      { type: 'coin', origin: ME, seq: 0, heads, goesOnTo: heads ? null : other },
    ])
    expect(lines(effects)).toEqual(heads ? [] : [`${other} <- rumor:40001:{a,40001,0}`])
  })

  test('3c: the coin is fair', () => {
    const faces = Array.from({ length: 400 }, (_, seed) => {
      const node = new TestNode({}, { seed })
      const to = sends(node.type('a'))[0]?.to ?? 0
      return facts(node.turn(status(to, [ME, 1])), 'coin')[0]?.heads
    })
    expect(Math.abs(faces.filter((heads) => heads).length - 200)).toBeLessThan(50)
  })

  test('3c: tails with no neighbour left to choose is the end', () => {
    const node = new TestNode({ coin: 1, fanout: 2 })
    node.type('a')
    expect(lines(node.turn(status(LEFT, [ME, 1])))).toEqual([])
    expect(facts(node.turn(status(RIGHT, [ME, 1])), 'coin')[0]?.goesOnTo).toBeNull()
  })
})

describe('rule 4 (handout: no answer within a second or two)', () => {
  test('a rumor without answer within the ack timeout counts as agreement: the coin decides', () => {
    const node = new TestNode({ coin: 1 })
    const first = sends(node.type('a'))[0]?.to ?? 0
    expect(node.pass(999)).toEqual([])
    const effects = node.pass(1)
    expect(facts(effects, 'silent')).toEqual([{ type: 'silent', to: first, origin: ME, seq: 0 }])
    expect(lines(effects)).toEqual([`${first === LEFT ? RIGHT : LEFT} <- rumor:40001:{a,40001,0}`])
  })

  test('an answer in time prevents the timeout', () => {
    const node = new TestNode({ fanout: 2 })
    node.type('a')
    node.now = 10
    node.turn(status(LEFT, [ME, 1]))
    node.turn(status(RIGHT, [ME, 1]))
    expect(node.pass(5_000)).toEqual([])
  })

  test('between two dead neighbours a message does not go to and fro for ever', () => {
    const node = new TestNode({ coin: 1 })
    node.type('a')
    expect(sends(node.pass(60_000))).toHaveLength(1)
  })
})

describe('rule 5 (report, statusBroadcastThread)', () => {
  test('every period a status goes to all neighbours, itself first also at 0', () => {
    const node = new TestNode({}, { generation: 0 })
    node.start()
    const effects = node.pass(10_000)
    expect(lines(effects)).toEqual(['40000 <- status:40001:{40001:0}', '40002 <- status:40001:{40001:0}'])
    expect(sends(node.pass(30_000))).toHaveLength(6)
  })

  test('the first phase is random, so that nodes started together do not all speak at once', () => {
    const phases = Array.from({ length: 10 }, (_, seed) => {
      const node = new TestNode({}, { seed })
      node.start()
      return node.gossip.wakeAt
    })
    expect(new Set(phases).size).toBe(10)
    for (const phase of phases) expect(phase).toBeLessThanOrEqual(10_000)
  })
})

describe('rule 6', () => {
  test('at start a status goes to all neighbours at once', () => {
    expect(lines(new TestNode().start())).toEqual([
      '40000 <- status:40001:{40001:0}',
      '40002 <- status:40001:{40001:0}',
    ])
  })

  test('a restarted node says its new generation, and is sent what it had', () => {
    const node = informed({ window: 2 })
    const hello = new TestNode({}, { port: LEFT, generation: 3, neighbours: [ME] }).start()
    expect(lines(hello)).toEqual(['40001 <- status:40000:{236608:0}'])
    expect(sends(node.turn(status(LEFT, [236_608, 0])))).toHaveLength(2)
  })
})

describe('rule 7', () => {
  test('a rumor that is not new is not passed on again, however often and from wherever it comes', () => {
    const node = new TestNode({}, { neighbours: [LEFT, RIGHT, 40_003] })
    expect(sends(node.turn(rumor(LEFT, FAR, 0))).map(({ why }) => why)).toEqual(['new', 'ack'])
    for (const from of [LEFT, RIGHT, 51_000, LEFT])
      expect(sends(node.turn(rumor(from, FAR, 0))).map(({ why }) => why)).toEqual(['ack'])
  })
})
