/** What Node was told to run, to do so once more. The compiled program puts the workspace's entry in its place. */
export const startedProgram = process.argv[1] as string
