import { Failed } from '../../model/failure.ts'
import type { Remote } from '../remote/remote.ts'
import { type Section, sectionLines } from '../remote/sections.ts'

/** `tell_keeper` prints a section: to whom what is kept on the host belongs, and who logged in, where that is another who may
 *  not write it. `$state` is set by the caller. */
export const tellKeeper = `
tell_keeper() {
  section keeper
  if [ -d "$state/receipts" ] && [ ! -w "$state/receipts" ] && [ "$(id -u)" != 0 ]; then
    keeper=$(ls -ld "$state/receipts" | awk '{ print $3 }')
    [ "$keeper" = "$(id -un)" ] || echo "$keeper $(id -un)"
  fi
}
`

/** Who may not write what is kept on a host may not read all of it either, and would misjudge what stands there. */
export function refusalOfAnother({ host, state }: Remote, sections: Section[]): Failed | undefined {
  const [owner, login] = sectionLines(sections, 'keeper')[0]?.split(' ') ?? []
  if (owner === undefined) return undefined
  return new Failed({
    kind: 'refused',
    problem: `${host.name} is deployed to as \`${owner}\`, to whom ${state} belongs there, and not as \`${login}\`.`,
    advice: `Log in as \`${owner}\`, with a key of your own: say \`user: ${owner}\` in the cluster file.`,
  })
}
