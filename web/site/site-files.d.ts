declare module 'virtual:site-files' {
  /** The files that the page needs, beside its folder; the page itself is `./`. */
  export const FILES: readonly string[]
  /** Changes with any of the files. */
  export const VERSION: string
}
