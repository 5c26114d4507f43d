import { dirname, resolve } from 'node:path'
import type { Metafile } from 'esbuild'

/** Places in which a file, were it there, would decide what an import means: a new one is as good as an edit.
 *  @param folder absolute, what the paths of the metafile start from
 *  @returns absolute paths; none for an import that names its file in full */
export function rivalsOf({ inputs }: Metafile, folder: string): string[] {
  const rivals = new Set<string>()
  for (const [importer, { imports }] of Object.entries(inputs))
    for (const { original, path } of imports) {
      if (original === undefined || !/^\.{1,2}(\/|$)/.test(original)) continue
      const meant = resolve(folder, dirname(importer), original)
      for (const rival of before(resolve(folder, path), candidates(meant))) rivals.add(rival)
    }
  return [...rivals]
}

const endings = ['.tsx', '.ts', '.jsx', '.js', '.css', '.json']

/** All that a path can mean, the first that is there before the others. */
function candidates(path: string): string[] {
  const withEnding = (start: string) => endings.map((ending) => `${start}${ending}`)
  const source = path.replace(/js(x?)$/, 'ts$1')
  return [
    path,
    ...withEnding(path),
    ...(source === path ? [] : [source, `${source}x`]),
    `${path}/package.json`,
    ...withEnding(`${path}/index`),
  ]
}

function before(found: string, all: string[]): string[] {
  const place = all.indexOf(found)
  return place < 0 ? all : all.slice(0, place)
}
