/**
 * How sudo on a host gets the password of the login user without a terminal, a file or a command line that holds it: it
 * runs `printenv` with its prompt as the argument, and the prompt is the name of a variable.
 */
export function sudoEnvironment(password: string | undefined): Record<string, string> {
  if (password === undefined) return {}
  return { [variable]: password, SUDO_PROMPT: variable, SUDO_ASKPASS: printenv }
}

const variable = 'SUDO_PASSWORD'
const printenv = '/usr/bin/printenv'

/** Stands before a program that may become root, and takes the password from the first line of its stdin. */
export const takeSudoPassword = `
IFS= read -r ${variable} || exit
export ${variable} SUDO_PROMPT=${variable} SUDO_ASKPASS=${printenv}
`

/** `may_sudo` says whether sudo makes the user root without asking somebody, and sets `$sudo` to how it is called then. */
export const maySudo = `
may_sudo() {
  sudo='sudo -n'
  $sudo true 2>/dev/null </dev/null && return
  [ -n "$SUDO_ASKPASS" ] || return
  sudo='sudo -A'
  $sudo true 2>/dev/null </dev/null
}
`
