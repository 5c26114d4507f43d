/** What a task gets as `$`: zx's tagged template, in the part that the engine promises. */
export interface Shell {
  (pieces: TemplateStringsArray, ...args: unknown[]): ShellPromise
  (options: {
    cwd?: string
    env?: Record<string, string>
    nothrow?: boolean
    quiet?: boolean
    input?: string
  }): Shell
}

export interface ShellPromise extends Promise<ShellOutput> {
  nothrow(): ShellPromise
  quiet(): ShellPromise
}

export interface ShellOutput {
  exitCode: number | null
  signal: string | null
  stdout: string
  stderr: string
}
