import { existsSync, readFileSync } from 'node:fs'
import { dirname, isAbsolute, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Digest, digestOf } from '../model/digest.ts'
import { contentIn } from '../model/file-state.ts'
import { canonicalJson } from '../model/json.ts'
import { type DigestMemory, textOf } from './digest-memory.ts'
import { FileDigests } from './file-digests.ts'

/** The engine's own folder: its code never counts as part of a task. */
const engine = join(packageFolder(fileURLToPath(import.meta.url)), 'lib')

interface Known {
  /** Of the module's code. */
  digest: Digest
  /** What lies at every place that decided it: a digest, where a link leads, or nothing. */
  files: Record<string, string>
}

/** What is remembered from one run to the next, as one document. */
export interface DefinitionMemory {
  schema: 1
  modules: Record<string, Known>
  /** Of all files that these come from. */
  folders?: DigestMemory
}

/** Digests of what tasks do. A comment, the formatting, another task's file do not change them; a changed helper does. */
export class Definitions {
  readonly #root: string
  readonly #remembered: () => DefinitionMemory | undefined
  readonly #digests: FileDigests
  readonly #modules: Set<string>
  #memory: DefinitionMemory | undefined
  readonly #present = new Map<string, Known>()
  #changed = false

  /** `modules`: absolute paths of every task's module. */
  constructor(root: string, remembered: () => DefinitionMemory | undefined, modules: Iterable<string>) {
    this.#root = root
    this.#remembered = remembered
    this.#digests = new FileDigests(root, (folder) => textOf(this.#load().folders, folder))
    this.#modules = new Set(modules)
  }

  of(module: string): Digest | Promise<Digest> {
    return this.known(module) ?? this.#bundle(module)
  }

  /** Undefined where it has to be bundled anew. */
  known(module: string): Digest | undefined {
    const present = this.#present.get(module)
    if (present) return present.digest
    const known = this.#load().modules[this.#name(module)]
    if (!known || !this.#isPresent(known)) return undefined
    this.#present.set(module, known)
    return known.digest
  }

  /** A file, from the root, that decides the code of a module whose definition was asked for, and that was touched after
   *  `time` (ms since the epoch). */
  changedSince(module: string, time: number): string | undefined {
    const files = Object.entries(this.#present.get(module)?.files ?? {})
    const changed = files.find(([path, content]) =>
      content === '' ? this.#contentOf(path) !== '' : this.#digests.isTouchedSince(path, time),
    )
    return changed?.[0]
  }

  /** What to remember, or undefined when nothing was learnt. */
  toSave(): DefinitionMemory | undefined {
    const learnt = this.#digests.learnt()
    if (!this.#changed && learnt.size === 0) return undefined
    const known = this.#load()
    return { ...known, folders: { ...known.folders, ...Object.fromEntries(learnt) } }
  }

  #isPresent({ files }: Known): boolean {
    return Object.entries(files).every(([path, content]) => this.#contentOf(path) === content)
  }

  async #bundle(module: string): Promise<Digest> {
    const { bundle } = await import('./bundle.ts')
    const { code, files, rivals, packages } = await bundle(module, (path) => this.#outside(module, path))
    const versions = Object.fromEntries(packages.map((name) => [name, versionOf(name, dirname(module))]))
    const manifests = Object.values(versions).flatMap(({ places }) => places)
    const digest = digestOf(
      canonicalJson({
        code,
        packages: Object.fromEntries(Object.entries(versions).map(([name, { version }]) => [name, version])),
      }),
    )
    const contents = [...files, ...rivals, ...manifests].map((path) => [
      this.#name(path),
      this.#contentOf(this.#name(path)),
    ])
    const known = { digest, files: Object.fromEntries(contents) }
    this.#load().modules[this.#name(module)] = known
    this.#present.set(module, known)
    this.#changed = true
    return digest
  }

  /** The name under which a module stands outside of another's definition; undefined for one that is part of it. */
  #outside(module: string, path: string): string | undefined {
    if (path.startsWith(`${engine}/`)) return `lib/${relative(engine, path)}`
    return path !== module && this.#modules.has(path) ? this.#name(path) : undefined
  }

  #contentOf(path: string): string {
    return contentIn(this.#digests.state(path)) ?? ''
  }

  #name(path: string): string {
    return isAbsolute(path) ? relative(this.#root, path) : path
  }

  #load(): DefinitionMemory {
    return (this.#memory ??= { schema: 1, modules: {}, ...this.#remembered() })
  }
}

/** The installed version of a package, as Node would find it from a folder, and all the places where Node would look until
 *  it finds it: one that comes nearer takes its place. */
function versionOf(name: string, from: string): { version: string; places: string[] } {
  const places: string[] = []
  for (let folder = from; ; folder = dirname(folder)) {
    const manifest = join(folder, 'node_modules', name, 'package.json')
    places.push(manifest)
    if (existsSync(manifest))
      return { version: JSON.parse(readFileSync(manifest, 'utf8')).version ?? '', places }
    if (folder === dirname(folder)) return { version: '', places }
  }
}

/** The engine also runs compiled, from another folder of its package. */
function packageFolder(path: string): string {
  const folder = dirname(path)
  return existsSync(join(folder, 'package.json')) ? folder : packageFolder(folder)
}
