import { basename } from 'node:path/posix'
import type { HostExamination } from '../../model/host-session.ts'
import { platformIn } from '../remote/platform.ts'
import type { Remote } from '../remote/remote.ts'
import { mustRun } from '../remote/remote.ts'
import { newBoundary, readSections, sectionLines } from '../remote/sections.ts'
import { examineProgram } from './examine-program.ts'
import { patience } from './inspect.ts'
import { refusalOfAnother } from './keeper.ts'

/** Looks at a host in one round trip, and changes nothing. */
export async function examineHost(remote: Remote, tools: string[]): Promise<HostExamination> {
  const boundary = newBoundary()
  const args = [remote.host.root, boundary, remote.state, ...needed, ...tools]
  await remote.connection()
  const began = Date.now()
  const { stdout } = await mustRun(remote, 'examine', examineProgram, args, { patience, mayBeRoot: true })
  const ended = Date.now()
  const sections = readSections(remote, stdout, boundary)
  const lines = (name: string) => sectionLines(sections, name)
  const refusal = refusalOfAnother(remote, sections)
  return {
    user: lines('user')[0] ?? '',
    ...(refusal && { refusal: refusal.failure }),
    rights: (lines('rights')[0] ?? 'none') as HostExamination['rights'],
    folder: remote.state,
    platform: platformIn(sections),
    disks: lines('disks').flatMap(diskOf),
    ...clockOf(Number(lines('clock')[0]), began, ended),
    missing: [...new Set(lines('missing'))],
    leftovers: lines('leftovers').map((line) => leftoverOf(remote, line)),
    jobs: lines('jobs').map((folder) => basename(folder)),
  }
}

/** What our own programs there are made of. */
const needed = ['bash', 'tar', 'awk', 'find', 'xargs', 'stat', 'sha256sum|shasum', 'setsid|perl']

/** `free files path`: kilobytes, and `-` for what is not known. */
function diskOf(line: string): HostExamination['disks'] {
  const [free, files, ...path] = line.split(' ')
  if (!/^\d+$/.test(free ?? '')) return []
  return [
    {
      path: path.join(' '),
      free: Number(free) * 1024,
      files: /^\d+$/.test(files ?? '') ? Number(files) : null,
    },
  ]
}

/** Its clock, in whole seconds, was read at some moment in between. */
function clockOf(seconds: number, began: number, ended: number) {
  const withinMs = (ended - began) / 2 + 500
  return { aheadMs: Math.round(seconds * 1000 + 500 - (began + ended) / 2), withinMs }
}

/** `kilobytes path`, as `du` has it. */
function leftoverOf({ state }: Remote, line: string): HostExamination['leftovers'][number] {
  const [kilobytes, path] = line.split('\t')
  return { path: `${state}/${path}`, size: Number(kilobytes) * 1024 }
}
