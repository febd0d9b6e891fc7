/** A program of others: `argv` followed by `<id> <n> <port>` starts it as a node. */
export interface Program {
  readonly argv: readonly string[]
  /** Folder that it is started in. */
  readonly folder: string
}

/** Programs by node id, and the one of all other nodes; a node without one is Rumorscope's own. */
export interface Programs {
  readonly byId: ReadonlyMap<number, Program>
  readonly all?: Program
}

export const programOf = ({ byId, all }: Programs, id: number): Program | undefined => byId.get(id) ?? all
