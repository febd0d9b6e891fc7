import { expect, test } from 'vitest'
import { canShow, type Desktop } from './open-browser.ts'

const desk: Desktop = { platform: 'linux', env: { DISPLAY: ':0' }, isTerminal: true }

test.each<[string, Desktop]>([
  ['a desk with X', desk],
  ['a desk with Wayland', { ...desk, env: { WAYLAND_DISPLAY: 'wayland-0' } }],
  ['a Mac', { ...desk, platform: 'darwin', env: {} }],
  ['Windows', { ...desk, platform: 'win32', env: {} }],
  ['Linux in Windows', { ...desk, env: { WSL_DISTRO_NAME: 'Debian' } }],
])('at %s the page opens', (_, surroundings) => {
  expect(canShow(surroundings)).toBe(true)
})

test.each<[string, Desktop]>([
  ['without a display', { ...desk, env: {} }],
  ['over ssh', { ...desk, env: { DISPLAY: 'localhost:10.0', SSH_CONNECTION: '1 2 3 4' } }],
  ['in a test or a script', { ...desk, isTerminal: false }],
  ['where the person said no', { ...desk, env: { DISPLAY: ':0', BROWSER: 'none' } }],
])('%s it does not', (_, surroundings) => {
  expect(canShow(surroundings)).toBe(false)
})
