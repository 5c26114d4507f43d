import { type Dirent, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'

/** All files and links below a folder, as paths from there. Links are not followed. `ignore`: globs. */
export function walkFolder(folder: string, ignore: string[]): string[] {
  return fastGlob()
    .sync('**', {
      cwd: folder,
      dot: true,
      followSymbolicLinks: false,
      onlyFiles: false,
      objectMode: true,
      ignore,
      fs: { readdirSync: readInDisguise as unknown as typeof readdirSync },
    })
    .filter(({ dirent }) => dirent.isFile() || dirent.isSymbolicLink())
    .map(({ path }) => undisguised(path))
}

/** Loaded only where something is asked for at any depth: it takes as long to load as all else. */
function fastGlob(): typeof import('fast-glob') {
  return createRequire(import.meta.url)('fast-glob')
}

/** For fast-glob, `**` means no name with a line end in it: that is shown to it as something else. */
function readInDisguise(folder: string): Dirent[] {
  return readdirSync(undisguised(folder), { withFileTypes: true }).map((entry) => {
    entry.name = entry.name.replace(/[\n\r\u2028\u2029\uE000]/g, (end) => `\uE000${end.charCodeAt(0)}\uE001`)
    return entry
  })
}

function undisguised(path: string): string {
  return path.replace(/\uE000(\d+)\uE001/g, (_, code) => String.fromCharCode(Number(code)))
}
