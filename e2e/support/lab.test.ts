import { existsSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { startLab, type TestLab } from '../../server/test-support/lab-process.ts'

async function lab(...args: Parameters<typeof startLab>): Promise<TestLab> {
  const started = await startLab(...args)
  onTestFinished(() => started.stop())
  return started
}

test('a lab serves its state, carries out commands, and names the fault of an invalid one', async () => {
  const { command, state, waitFor, rootId, basePort } = await lab({ nodes: 3, topology: 'ring' })
  const { settings, nodes } = await state()
  expect(settings).toMatchObject({ n: 3, topology: 'ring', rootId, basePort })
  expect(nodes).toHaveLength(3)
  await waitFor((now) => now.nodes.every((node) => node.status === 'running'))
  expect(await command('0 msg 1 hello')).toEqual({ ok: true, output: [] })
  await waitFor((now) => now.nodes.every((node) => node.messages === 1))
  expect(await command('2 get chatLog')).toEqual({ ok: true, output: ['hello'] })
  expect(await command('sing')).toMatchObject({ ok: false, status: 400, error: expect.stringContaining('sing') })
})

test('two labs are independent', async () => {
  const [one, other] = await Promise.all([lab({ nodes: 2 }), lab({ nodes: 2 })])
  await one.command('0 msg 1 ours')
  await one.waitFor((now) => now.nodes.every((node) => node.messages === 1))
  expect((await other.state()).messages).toEqual([])
})

test('a stopped lab is gone, and so is its runtime directory', async () => {
  const { url, runtime, child, stop } = await startLab({ nodes: 1 })
  expect(existsSync(runtime)).toBe(true)
  await stop()
  expect(child.exitCode ?? child.signalCode).not.toBeNull()
  expect(existsSync(runtime)).toBe(false)
  await expect(fetch(url)).rejects.toThrow()
})

test('a lab that does not start says why', async () => {
  await expect(startLab({ nodes: 65 })).rejects.toThrow(/--nodes must be a whole number.*65/s)
})

test('a wait in vain reports the actual state', async () => {
  const { waitFor } = await lab({ nodes: 1 })
  await expect(waitFor((now) => now.nodes.length === 7, 200)).rejects.toThrow(/nodes\.length === 7.*"id": 0/s)
})
