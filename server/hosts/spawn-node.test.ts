import { expect, test } from 'vitest'
import { environmentOfNode } from './spawn-node.ts'

test('a node gets no variable of the lab’s environment that changes how it runs, and all others', () => {
  const plain = { PATH: '/bin', HOME: '/root', TZ: 'UTC', LD_LIBRARY_PATH: '/lib', SystemRoot: 'C:\\Windows' }
  const ofNode = ['OPTIONS', 'EXTRA_CA_CERTS', 'USE_SYSTEM_CA', 'DEBUG', 'V8_COVERAGE', 'COMPILE_CACHE'].map(
    (name) => `NODE_${name}`,
  )
  const others = [
    'OPENSSL_CONF',
    'SSL_CERT_FILE',
    'UV_THREADPOOL_SIZE',
    'RUMORSCOPE_KEY',
    'RUMORSCOPE_LOG',
    'node_debug',
  ]
  const left = Object.fromEntries([...ofNode, ...others].map((name) => [name, 'x']))
  expect(environmentOfNode({ ...plain, ...left })).toEqual(plain)
})
