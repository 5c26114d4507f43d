/** What is remembered of surveys from one run to the next, as one document: where to look, and what was seen there. */
export interface SurveyMemory {
  schema: 1
  /** From the root. */
  folders: string[]
  /** How many files are wanted of them all. */
  files: number
  /** Of each of the folders, between commas: digests of how it looked and of what it then held; nothing where nobody knows. */
  held?: string
}

/**
 * What is then known to be held by folders.
 * @param learntOf folders of which other digests are remembered than a survey knew: they may hold another thing
 * @param seen by folder, what a survey has learnt since
 */
export function heldBy(
  folders: string[],
  before: SurveyMemory | undefined,
  learntOf: string[],
  seen: ReadonlyMap<string, string>,
): string {
  const held = new Map(seen)
  const lines = before?.held?.split(',') ?? []
  const forgotten = new Set(learntOf)
  for (const [index, folder] of (before?.folders ?? []).entries())
    if (!held.has(folder) && !forgotten.has(folder)) held.set(folder, lines[index] ?? '')
  return folders.map((folder) => held.get(folder)).join()
}
