/** The command language as the console needs it. It comes when somebody writes there: a page begins without it. */
export { parseCommand } from '../../shared/language/command.ts'
export { complete } from './completion.ts'
