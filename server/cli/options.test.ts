import { expect, test } from 'vitest'
import { CHECK_OPTIONS, CHECK_USAGE } from './check-options.ts'
import { LAB_OPTIONS, parseOptions, USAGE } from './options.ts'
import { parseRunOptions, RUN_OPTIONS, RUN_USAGE } from './run-options.ts'

test('without options there are four nodes on a line, slow enough for eyes, at the ports of the report', () => {
  expect(parseOptions([])).toMatchObject({
    host: '127.0.0.1',
    port: 5450,
    names: [],
    open: true,
    autosave: true,
    settings: { n: 4, topology: 'line', linkDelayMs: 250, basePort: 20_000, rootId: 40_000 },
  })
})

test('every option sets its field', () => {
  const line = '--port 0 --host localhost --nodes 64 --topology ring --link-delay 0 --base-port 65472 --root-id 1'
  expect(
    parseOptions([...line.split(' '), '--name', 'Class.example', '--name', 'b.local', '--no-open', '--no-autosave']),
  ).toMatchObject({
    host: '127.0.0.1',
    port: 0,
    names: ['class.example', 'b.local'],
    open: false,
    autosave: false,
    settings: { n: 64, topology: 'ring', linkDelayMs: 0, basePort: 65_472, rootId: 1 },
  })
})

test('--help asks for help', () => {
  expect(parseOptions(['--help'])).toBeNull()
})

test.each([
  ['rumorscope', USAGE, LAB_OPTIONS],
  ['rumorscope run', RUN_USAGE, RUN_OPTIONS],
  ['rumorscope check', CHECK_USAGE, CHECK_OPTIONS],
])('the help of %s names every option there is, once, and no other', (_, usage, options) => {
  const named = [...usage.matchAll(/^ {2}--([\w-]+)/gm)].map(([, name]) => name)
  expect(named.sort()).toEqual(Object.keys(options).sort())
})

test.each([
  ['--port', 'http'],
  ['--port', '65536'],
  ['--port', '-1'],
  ['--port', ''],
  ['--nodes', '0'],
  ['--nodes', '65'],
  ['--nodes', '4.5'],
  ['--topology', 'triangle'],
  ['--link-delay', '60001'],
  ['--link-delay', 'slow'],
  ['--base-port', '0'],
  ['--base-port', '65533'],
  ['--root-id', '65533'],
  ['--root-id', '4e4'],
  ['--host', 'example.org'],
  ['--host', '1.2.3'],
  ['--host', 'fe80::1%eth0'],
  ['--host', 'FE80::1'],
  ['--host', 'feb0:0::1'],
  ['--host', '::1%lo'],
  ['--host', 'ff02::1'],
  ['--host', '224.0.0.1'],
  ['--host', '::ffff:239.1.2.3'],
  ['--host', '255.255.255.255'],
  ['--name', 'http://class.example'],
  ['--name', '-x'],
  ['--name', 'x.example/lab'],
  ['--name', 'x.example:http'],
  ['--name', '2001:db8::20'],
  ['--name', ''],
  ['--name', 'localhost'],
  ['--name', 'LOCALHOST.'],
  ['--name', 'lab.localhost'],
  ['--name', '127.0.0.1'],
  ['--name', '127.1'],
  ['--name', '[::1]'],
  ['--name', '[::ffff:127.0.0.1]'],
])('%s %j is refused in one line that names the option', (name, value) => {
  const problem = parseOptions([`${name}=${value}`])
  expect(problem).toMatch(new RegExp(`^${name} .*$`))
})

test('a value that looks like an option is reported in one sentence', () => {
  expect(parseOptions(['--port', '-1'])).toBe('--port needs a value; if it begins with a dash, write --port=<value>')
  expect(parseOptions(['--record', '--no-open'])).toMatch(/^--record needs a value; .*$/)
  expect(parseRunOptions(['--seed', '-1', 'f'])).toMatch(/^--seed needs a value; .*$/)
})

test('an option with two values is refused, except --name', () => {
  expect(parseOptions(['--no-open', '--no-open'])).toMatchObject({ open: false })
  const problem = '--nodes is given twice: leave one out'
  expect(parseOptions(['--nodes', '3', '--port=1', '--nodes=4'])).toBe(problem)
  expect(parseRunOptions(['--nodes', '3', 'f', '--nodes', '3'])).toBe(problem)
})

test.each(['--nods', '4', '--help=yes'])('%s is no option, and the answer lists the options', (word) => {
  expect(parseOptions([word])).toContain(USAGE)
})

test.each([
  ['LOCALHOST', '127.0.0.1'],
  ['127.0.0.5', '127.0.0.5'],
  ['0:0:0:0:0:0:0:1', '::1'],
  ['2001:DB8:0:0::20', '2001:db8::20'],
  ['::ffff:127.0.0.5', '127.0.0.5'],
  ['::ffff:c0a8:114', '192.168.1.20'],
  ['::FFFF', '::ffff'],
])('--host %s is the address that browsers call %s', (typed, host) => {
  expect(parseOptions(['--host', typed])).toMatchObject({ host })
})

test.each([
  ['X.example.', 'x.example'],
  ['x.example:8443', 'x.example:8443'],
  ['x.example:80', 'x.example:80'],
  ['abc-5450.app.github.dev', 'abc-5450.app.github.dev'],
  ['[2001:DB8::20]', '[2001:db8::20]'],
])('--name %s is the name %s', (typed, name) => {
  expect(parseOptions(['--name', typed])).toMatchObject({ names: [name] })
})

test.each(['localhost.example', 'mylocalhost', '127.0.0.1:8443', 'localhost:443'])(
  '--name %s may be a forwarder’s',
  (name) => {
    expect(parseOptions(['--name', name])).toMatchObject({ names: [name] })
  },
)

test.each(['0.0.0.0', '::', '192.168.1.20', '2001:db8::20', 'ff::1', '::1'])('the lab may listen on %s', (host) => {
  expect(parseOptions(['--host', host])).toMatchObject({ host })
})
