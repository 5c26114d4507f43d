import type { Workspace } from './workspace.ts'

/** A workspace and a tool that has built it. */
export interface Built {
  workspace: Workspace
  build(): Promise<unknown>
  /** As if nothing had ever been built. */
  forget(): Promise<void>
}

/** What is measured: from a workspace in which everything is built, to the moment when the clock starts. */
export interface Scenario {
  name: string
  meaning: string
  /** Measured is what it takes to build everything, or to list the tasks. */
  measured: 'build' | 'list'
  prepare(built: Built): Promise<void> | void
  /** Whether much is removed before: for some seconds after that, some file systems are slow to make new files. */
  removes?: true
  /** Whether it is compared with a no-op, which is measured just before. */
  isBesideNoop?: true
  /** What is done beyond a no-op, which its floors do alone. */
  beyondNoop?: string
}

export const scenarios: Scenario[] = [
  {
    name: 'cold',
    meaning: 'nothing was ever built: no outputs, no cache, no daemon',
    measured: 'build',
    prepare: (built) => built.forget(),
    removes: true,
  },
  {
    name: 'noop',
    meaning: 'nothing has changed',
    measured: 'build',
    prepare: () => {},
  },
  {
    name: 'touched',
    meaning: 'all inputs have new times and the same bytes: everything must be read again, nothing need run',
    measured: 'build',
    isBesideNoop: true,
    prepare: ({ workspace }) => workspace.touchInputs(),
    beyondNoop: 'hashing',
  },
  {
    name: 'leaf',
    meaning: 'a line was added to an input of one task that no other needs: one task must run',
    measured: 'build',
    isBesideNoop: true,
    prepare: ({ workspace }) => workspace.editLeaf(neverSeen()),
  },
  {
    name: 'comment',
    meaning:
      'a comment was edited in an input of the first task, which makes the same again: one task need run',
    measured: 'build',
    isBesideNoop: true,
    prepare: ({ workspace }) => workspace.commentRoot(neverSeen()),
  },
  {
    name: 'deleted',
    meaning: 'all outputs were deleted: none need run where they are kept',
    measured: 'build',
    isBesideNoop: true,
    prepare: ({ workspace }) => workspace.deleteOutputs(),
    removes: true,
  },
  {
    name: 'reverted',
    meaning: 'an edit that was built has been undone: none need run where results are kept',
    measured: 'build',
    isBesideNoop: true,
    async prepare(built) {
      built.workspace.editLeaf(neverSeen())
      await built.build()
      built.workspace.revertEdits()
    },
  },
  {
    name: 'list',
    meaning: 'the tasks are listed: what starting costs',
    measured: 'list',
    prepare: () => {},
  },
]

let edits = 0

/** Words that no cache has seen in this session. */
function neverSeen(): string {
  return `edit ${++edits}`
}
