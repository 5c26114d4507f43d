import type { FileFault } from '../../model/file-fault.ts'
import { unreachable } from '../../model/unreachable.ts'
import type { Explained } from './explained.ts'

/** What the system would not do with a file, as a clause, and what to do about it. */
export function fileFaultInWords({ path, problem }: FileFault): Required<Omit<Explained, 'detail'>> {
  const file = path === undefined ? 'a file' : `\`${path}\``
  switch (problem) {
    case 'denied':
      return {
        what: `access to ${file} is denied`,
        next: `Give access to whoever runs this (${path === undefined ? '`ls -ld`' : `\`ls -ld ${path}\``} shows who has it), then run again.`,
      }
    case 'no-space':
      return {
        what: path === undefined ? 'no space is left on the disk' : `no space is left for ${file}`,
        next: 'Free some space (`df -h` shows where it went), then run again.',
      }
    case 'read-only':
      return {
        what: `${file} lies on a file system that can only be read`,
        next: 'Mount it for writing, or work in a copy of the workspace elsewhere.',
      }
    case 'folder':
      return {
        what: `${file} is a folder, and not the file that is expected there`,
        next: 'Remove the folder, or correct what the task declares.',
      }
    case 'below-a-file':
      return {
        what: `there can be no ${file}: a file is where a folder should be`,
        next: 'Remove or rename that file, or correct what the task declares.',
      }
    case 'no-file':
      return {
        what: `${file} is a pipe, a socket or a device, and not a file`,
        next: 'Remove it, or correct what the task declares.',
      }
    case 'endless-link':
      return { what: `${file} is a link that leads back to itself`, next: 'Correct the link.' }
    case 'name-too-long':
      return { what: `the name ${file} is too long for the file system`, next: 'Use a shorter name.' }
    case 'name-unreadable':
      return {
        what: `the name of ${file} is no valid UTF-8, so that the file cannot be found by it`,
        next: 'Rename it, or leave it out of what the task declares.',
      }
    case 'too-many-open':
      return {
        what: `${file} cannot be opened: too many files are open`,
        next: 'Raise the limit (`ulimit -n 4096`), or run fewer tasks at a time (`--jobs 1`).',
      }
    case 'broken-disk':
      return {
        what: `${file} cannot be read or written: the disk reports an error`,
        next: 'Look for the cause in the log of the system (`dmesg`).',
      }
    default:
      return unreachable(problem)
  }
}
