/**
 * The parts of the command language that the console needs. They load at the first keystroke: a page starts without
 * them.
 */
export { parseCommand } from '../../shared/language/command.ts'
export { complete } from './completion.ts'
