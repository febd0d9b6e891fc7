/** Tests the built supervisor as a process: how it starts and ends, and that no process stays behind. */

import { once } from 'node:events'
import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { readRecording } from '../../shared/wire/recording-reader.ts'
import { EXIT } from '../platform/node-link.ts'
import { ownFolder } from '../platform/runtime/directory.ts'
import { startLab, type TestLab } from '../test-support/lab-process.ts'
import { allHold } from '../test-support/network.ts'
import { freePorts } from '../test-support/ports.ts'
import { BIN, environment, isAlive, ROOT, start } from '../test-support/processes.ts'
import { folderOfTest, runtimeOfTest } from '../test-support/runtime.ts'

const MAIN = join(ROOT, 'dist/server/main.js')

async function lab(nodes: number): Promise<TestLab & { pids: number[] }> {
  const started = await startLab({ nodes })
  onTestFinished(() => started.stop())
  const { nodes: all } = await started.waitFor((state) => state.nodes.every(({ status }) => status === 'running'))
  return { ...started, runtime: ownFolder(started.runtime), pids: all.map(({ pid }) => pid ?? 0) }
}

describe('a supervisor', () => {
  test('that is killed leaves no node, and a client of its nodes ends', async () => {
    const { child, pids, runtime, basePort, rootId, waitFor } = await lab(3)
    const wrapper = start(BIN, ['0', '3', `${basePort + 5}`], { env: environment(runtime, rootId) })
    await waitFor(({ nodes }) => nodes[0]?.tcp.includes(basePort + 5) === true)
    child.kill('SIGKILL')
    await expect.poll(() => pids.filter(isAlive)).toEqual([])
    expect((await wrapper.ended).code).toBe(EXIT.orphaned)
  })

  test('that is killed while a node is stopped leaves that node until it continues, or until stopall', async () => {
    const { child, pids, runtime } = await lab(2)
    const [first = 0, second = 0] = pids
    onTestFinished(() => {
      if (isAlive(first)) process.kill(first, 'SIGKILL')
    })
    process.kill(first, 'SIGSTOP')
    child.kill('SIGKILL')
    await expect.poll(() => isAlive(second)).toBe(false)
    expect(isAlive(first)).toBe(true)
    const { stdout } = await start(join(ROOT, 'bin/stopall'), [], { env: environment(runtime, 1) }).ended
    expect(stdout).toBe('stopall: ended 1 node\n')
    await expect.poll(() => isAlive(first)).toBe(false)
  })

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('ends its nodes and itself on %s', async (signal) => {
    const { child, pids } = await lab(2)
    const ended = once(child, 'exit')
    child.kill(signal)
    expect(await ended).toEqual([0, null])
    expect(pids.filter(isAlive)).toEqual([])
  })

  test('listens on loopback only, by default', async () => {
    const { url } = await lab(1)
    const port = Number(new URL(url).port)
    expect(boundTo('tcp').filter((socket) => socket.port === port)).toEqual([{ address: '127.0.0.1', port }])
  })

  test('reports an invalid option in one line and exits with 2', async () => {
    const { code, stdout, stderr } = await start(process.execPath, [MAIN, '--nodes', 'many']).ended
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^--nodes must be a whole number from 1 to 64, not 'many'\n$/)
  })

  test('prints its options on request', async () => {
    const { code, stdout } = await start(process.execPath, [MAIN, '--help']).ended
    expect(code).toBe(0)
    expect(stdout).toContain('--link-delay')
  })

  test('does not start on a web port in use: it names the port, and another one', async () => {
    const { tcp } = await freePorts(1)
    const taken = createServer().listen(tcp, '127.0.0.1')
    onTestFinished(() => void taken.close())
    await once(taken, 'listening')
    const env = environment(await runtimeOfTest(), 40_000)
    const { code, stderr } = await start(process.execPath, [MAIN, '--port', `${tcp}`], { env }).ended
    expect(code).toBe(1)
    expect(stderr).toBe(
      `TCP port ${tcp} is in use, perhaps by another lab. Choose another: rumorscope --port ${tcp + 1}\n`,
    )
  })

  test('does not start on node ports in use: it names them, and a way out', async () => {
    const [ports, { tcp: page }] = await Promise.all([freePorts(4), freePorts(1)])
    const taken = createServer().listen(ports.tcp + 2, '127.0.0.1')
    onTestFinished(() => void taken.close())
    await once(taken, 'listening')
    const env = environment(await runtimeOfTest(), 40_000)
    const options = ['--port', `${page}`, '--base-port', `${ports.tcp}`, '--root-id', `${ports.udp}`]
    const { code, stdout, stderr } = await start(process.execPath, [MAIN, ...options], { env }).ended
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(new RegExp(`^ports in use: TCP ${ports.tcp + 2}\\. .*--base-port \\d+ --root-id \\d+\\n$`))
  })

  test('with a runtime folder that others can write to does not start, and leaves the folder unchanged', async () => {
    const [{ tcp }, runtime] = await Promise.all([freePorts(1), runtimeOfTest()])
    chmodSync(runtime, 0o755)
    const env = environment(runtime, 40_000)
    const { code, stderr } = await start(process.execPath, [MAIN, '--port', `${tcp}`], { env }).ended
    expect({ code, mode: statSync(runtime).mode & 0o777 }).toEqual({ code: 1, mode: 0o755 })
    expect(stderr).toMatch(/^.* is open to other users \(mode 755\): .*\n$/)
  })

  test('reports in one line that its runtime directory cannot be made', async () => {
    const { tcp } = await freePorts(1)
    const env = environment('/dev/null/rumorscope', 40_000)
    const { code, stderr } = await start(process.execPath, [MAIN, '--port', `${tcp}`], { env }).ended
    expect(code).toBe(1)
    expect(stderr).toMatch(/^.*\/dev\/null\/rumorscope.*\n$/)
  })

  test.runIf(process.platform === 'linux')(
    'on another address of loopback prints it, and lets its page act',
    async () => {
      const started = await startLab({ nodes: 1, args: ['--host', '127.0.0.5'] })
      onTestFinished(() => started.stop())
      expect(new URL(started.url).hostname).toBe('127.0.0.5')
      expect(await started.command('help')).toMatchObject({ ok: true })
    },
  )

  test('that is reached through a tunnel prints the key once, and asks for it there', async () => {
    const { url, child, command, stop } = await startLab({ nodes: 1 })
    onTestFinished(stop)
    let printed = ''
    child.stdout?.on('data', (text) => {
      printed += text
    })
    const through = (authorization?: string) =>
      fetch(`${url}/api/commands`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-forwarded-for': '203.0.113.9',
          ...(authorization && { authorization }),
        },
        body: '{"line": "help"}',
      })
    expect((await through()).status).toBe(403)
    const address = /(http\S+)\/#key=(\S+)\n/
    await expect.poll(() => printed).toMatch(address)
    const [, where, key = ''] = address.exec(printed) ?? []
    // Not at the address in the request: the key would go there.
    expect(where).toBe(url)
    expect((await through(`Bearer ${key}`)).status).toBe(200)
    expect(await command('help')).toMatchObject({ ok: true })
    expect(printed.split(key)).toHaveLength(2)
  })

  test('that has a name asks for the key everywhere', async () => {
    const started = await startLab({ nodes: 1, args: ['--name', 'x.example'] })
    onTestFinished(() => started.stop())
    const { url, key } = started
    expect(key).toHaveLength(43)
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${url}/api/commands`, { method: 'POST', headers, body: '{"line": "help"}' })
    expect([answer.status, await answer.json()]).toEqual([403, { ok: false, error: expect.stringMatching(/watching/) }])
    expect(await started.command('help')).toMatchObject({ ok: true })
  })

  test('with unread output lives on', async () => {
    const { child, url: address } = await lab(1)
    child.stdout?.destroy()
    child.stderr?.destroy()
    expect((await fetch(`${address}/api/health`)).status).toBe(200)
  })
})

describe('a lab’s automatic recording', () => {
  /** A lab that keeps its recordings in this folder. */
  async function labIn(folder: string, args: readonly string[] = []) {
    const started = await startLab({ nodes: 2, args, env: { XDG_STATE_HOME: folder } })
    onTestFinished(() => started.stop())
    return started
  }
  const filesIn = (folder: string) => {
    const own = join(folder, 'rumorscope')
    return existsSync(own) ? readdirSync(own).map((name) => join(own, name)) : []
  }
  const isSaved = (folder: string, text: string) =>
    expect
      .poll(() =>
        filesIn(folder)
          .map((file) => readFileSync(file, 'utf8'))
          .join(''),
      )
      .toContain(text)
  const hasLastLab = async ({ url }: TestLab) => (await fetch(`${url}/api/last-lab`)).ok

  test('survives a kill -9, and the next lab offers it: on the page, and in a line on the terminal', async () => {
    const folder = await folderOfTest()
    const first = await labIn(folder)
    expect(await hasLastLab(first)).toBe(false)
    await first.command('0 msg 1 hello')
    await first.waitFor(allHold(1))
    await isSaved(folder, '"text":"hello"')
    const { lab } = (await (await fetch(`${first.url}/api/health`)).json()) as { lab: string }
    // A running lab is never the last one, and each has a file of its own.
    const beside = await labIn(folder)
    expect(await hasLastLab(beside)).toBe(false)
    await beside.command('0 msg 1 beside')
    await isSaved(folder, '"text":"beside"')
    expect(filesIn(folder)).toHaveLength(2)
    first.child.kill('SIGKILL')
    await once(first.child, 'exit')

    const [{ tcp: page }, ports] = await Promise.all([freePorts(1), freePorts(2)])
    const own = ['--port', `${page}`, '--base-port', `${ports.tcp}`, '--root-id', `${ports.udp}`, '--nodes', '2']
    const env = { ...environment(await runtimeOfTest(), 40_000), XDG_STATE_HOME: folder }
    const next = start(process.execPath, [MAIN, ...own], { env })
    await next.firstLine
    const answer = await fetch(`http://127.0.0.1:${page}/api/last-lab`)
    const opened = readRecording(await answer.text())
    if (!opened.ok) throw new Error(opened.error)
    expect(opened.recording.header.lab).toBe(lab)
    expect(opened.recording.events.some((event) => event.type === 'stored' && event.text === 'hello')).toBe(true)
    next.child.kill('SIGTERM')
    const { stdout } = await next.ended
    expect(stdout).toMatch(
      new RegExp(`\\nThe last lab ended .*\\. The page offers to open its recording: .*_${lab}\\.jsonl\\n$`),
    )
  })

  test.each([
    ['with --no-autosave', ['--no-autosave'], '0 msg 1 hello'],
    ['where nobody does anything', [], ''],
  ])('does not exist %s', async (_, args, line) => {
    const folder = await folderOfTest()
    const started = await labIn(folder, args)
    if (line !== '') await started.command(line)
    await started.stop()
    expect([filesIn(folder), started.told()]).toEqual([[], ''])
  })

  test.runIf(process.platform === 'linux')(
    'that cannot be written is reported, and the lab runs without it',
    async () => {
      const started = await labIn('/proc')
      expect(started.told()).toMatch(/^autosave is off for this lab: .*\n$/)
      expect(await started.command('0 msg 1 hello')).toMatchObject({ ok: true })
      await started.stop()
      expect(started.child.exitCode).toBe(0)
    },
  )
})

describe('a classroom', () => {
  /** A lab on all addresses, and its output. */
  async function classroom() {
    const started = await startLab({ nodes: 2, args: ['--host', '0.0.0.0'] })
    onTestFinished(() => started.stop())
    const printed: string[] = []
    for (const output of [started.child.stdout, started.child.stderr])
      output?.on('data', (text) => printed.push(`${text}`))
    return { ...started, key: started.key ?? '', printed: () => printed.join('') }
  }

  test('has a presenter with a key and viewers without; the key is never printed again', async () => {
    const { url, key, command, printed } = await classroom()
    expect(key).toHaveLength(43)
    expect(await command('0 msg 1 hello')).toEqual({ ok: true, output: [] })
    const ask = (path: string, body: unknown, headers = {}) =>
      fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      })
    const refused = await ask('/api/commands', { line: '0 crash' })
    expect([refused.status, await refused.json()]).toEqual([
      403,
      { ok: false, error: expect.stringMatching(/watching/) },
    ])
    const entered = await ask('/api/session', { key })
    const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? ''
    expect((await ask('/api/commands', { line: 'help' }, { cookie })).status).toBe(200)
    // The error is reported without the key.
    await ask('/api/session', { key: `${key}x` })
    await fetch(`${url}/api/commands`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body: '{' })
    await fetch(`${url}/nothing?key=${key}`, { headers: { cookie } })
    expect((await command('1 msg 1 bye')).ok).toBe(true)
    expect(printed()).not.toContain(key)
  })

  // All of 127.0.0.0/8 is this machine there: a socket on every address answers on another one too.
  test.runIf(process.platform === 'linux')('has nodes that only this machine reaches', async () => {
    const { url, basePort, rootId, state } = await classroom()
    const { port } = new URL(url)
    const answers = (tcp: number) =>
      new Promise<boolean>((resolve) => {
        const socket = connect(tcp, '127.0.0.2')
        socket.once('connect', () => resolve(socket.destroy() !== undefined))
        socket.once('error', () => resolve(false))
      })
    expect(await answers(Number(port))).toBe(true)
    for (const id of [0, 1]) expect(await answers(basePort + id)).toBe(false)
    for (const [kind, ports] of [
      ['tcp', [basePort, basePort + 1]],
      ['udp', [rootId, rootId + 1]],
    ] as const) {
      const bound = boundTo(kind)
      for (const port of ports)
        expect(bound.filter((socket) => socket.port === port)).toEqual([{ address: '127.0.0.1', port }])
    }
    expect((await state()).nodes.map(({ status }) => status)).toEqual(['running', 'running'])
  })

  test('on an address of another machine does not start, and lists the possible ones', async () => {
    const env = environment(await runtimeOfTest(), 40_000)
    const { code, stderr } = await start(process.execPath, [MAIN, '--port', '0', '--host', '198.51.100.7'], { env })
      .ended
    expect(code).toBe(1)
    expect(stderr).toMatch(/^this machine has no address 198\.51\.100\.7; /)
  })
})

/** Unconnected sockets of this machine, as the system lists them. */
function boundTo(kind: 'tcp' | 'udp'): { address: string; port: number }[] {
  const lines = [kind, `${kind}6`].flatMap((name) => readFileSync(`/proc/net/${name}`, 'utf8').split('\n').slice(1))
  return lines.flatMap((line) => {
    const [, hex = '', digits = '', remote = ''] =
      /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) ([0-9A-F]+):0000/.exec(line) ?? []
    if (hex === '' || !/^0+$/.test(remote)) return []
    // Four bytes, lowest first.
    const address =
      hex.length === 8
        ? (hex.match(/../g) ?? [])
            .reverse()
            .map((byte) => parseInt(byte, 16))
            .join('.')
        : hex
    return [{ address, port: parseInt(digits, 16) }]
  })
}
