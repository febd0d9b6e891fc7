/** Lines of a terminal with colours. */
import { styleText } from 'node:util'
import { visible } from '../../shared/text/visible.ts'

export interface StyledPart {
  readonly text: string
  readonly style?: 'green' | 'red' | 'yellow' | 'dim' | 'bold'
}

export type StyledLine = readonly StyledPart[]

/** Returns the line for a terminal. Control characters of its texts are escapes: only styles are obeyed. */
export const lineText = (line: StyledLine, hasColours: boolean): string =>
  line
    .map(({ text, style }) => {
      const plain = visible(text)
      return style && hasColours && plain !== '' ? styleText(style, plain, { validateStream: false }) : plain
    })
    .join('')
    .trimEnd()
