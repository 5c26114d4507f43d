/**
 * Arguments of a bash that runs `script` with stdin, stdout and stderr only. What whoever started us left open
 * (`exec 200>lock`, as scripts do for `flock`) is inherited by all we start, and what outlives us must not hold it.
 *
 * @param args `$0` and the following
 */
export function cleanBash(script: string, args: string[]): string[] {
  // With a socket as stdin, as Node gives it, bash would take itself for one that rshd started and read ~/.bashrc.
  return ['--norc', '-c', `${closeInherited}; ${script}`, ...args]
}

const closeInherited = `for fd in /dev/fd/*; do fd=\${fd##*/}; if ((fd > 2)); then eval "exec $fd>&-"; fi; done`
