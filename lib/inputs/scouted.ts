import { constants } from 'node:fs'
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import type { Sighting } from './sighting.ts'
import { type Outside, perFile } from './signatures.ts'

interface SeenFolder {
  names: string[]
  /** Where those of the first name begin. */
  numbers: Float64Array
}

/** For how long it is told what was seen. */
const longestMs = 2000

/** What another thread sees of a workspace while its program is loaded. It is as if everything had been looked at when
 *  that began: so nothing of it counts once something was changed. */
export class Scouted {
  /** In ms since the epoch. */
  readonly began: number
  readonly #port: MessagePort
  readonly #folders = new Map<string, SeenFolder>()
  readonly #places = new Map<string, Map<string, number>>()
  #isOver = false

  constructor(port: MessagePort, began: number) {
    this.#port = port
    this.began = began
  }

  /** Whether anything may still be told. */
  get isTold(): boolean {
    return !this.#isOver
  }

  /** Names of the files (links are files) and folders in a folder; undefined for one that nobody has seen. */
  in(folder: string): { files: string[]; folders: string[] } | undefined {
    const seen = this.#seen(folder)
    if (!seen) return undefined
    const ofType = (...types: number[]) =>
      seen.names.filter((_, index) =>
        types.includes(seen.numbers[(index + 1) * perFile - 1]! & constants.S_IFMT),
      )
    return {
      files: ofType(constants.S_IFREG, constants.S_IFLNK),
      folders: ofType(constants.S_IFDIR),
    }
  }

  /** Undefined for what nobody has seen, be it there or not. */
  outsideOf(path: string): Outside | undefined {
    const end = path.lastIndexOf('/')
    const folder = end < 0 ? '.' : path.slice(0, end)
    const seen = this.#seen(folder)
    const place = seen && this.#placesIn(folder, seen).get(path.slice(end + 1))
    if (place === undefined) return undefined
    const [size, mtimeMs, ctimeMs, ino, mode] = seen!.numbers.subarray(place, place + perFile)
    return { size: size!, mtimeMs: mtimeMs!, ctimeMs: ctimeMs!, ino: ino!, mode: mode! }
  }

  /** Before anything is changed. */
  forget(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#folders.clear()
    this.#places.clear()
    this.#port.close()
  }

  #seen(folder: string): SeenFolder | undefined {
    if (this.#isOver) return undefined
    if (Date.now() - this.began > longestMs) {
      this.forget()
      return undefined
    }
    return this.#folders.get(folder) ?? this.#hear(folder)
  }

  /** What was told meanwhile. */
  #hear(folder: string): SeenFolder | undefined {
    for (let told = receiveMessageOnPort(this.#port); told; told = receiveMessageOnPort(this.#port))
      this.#note(told.message)
    return this.#folders.get(folder)
  }

  #note({ folders, names, numbers }: Sighting): void {
    let from = 0
    for (const [index, folder] of folders.entries()) {
      const those = names[index] === '' ? [] : names[index]!.split('/')
      this.#folders.set(folder, { names: those, numbers: numbers.subarray(from) })
      from += those.length * perFile
    }
  }

  #placesIn(folder: string, { names }: SeenFolder): Map<string, number> {
    let places = this.#places.get(folder)
    if (!places) {
      places = new Map(names.map((name, index) => [name, index * perFile]))
      this.#places.set(folder, places)
    }
    return places
  }
}

let sent: Scouted | undefined

/** Whoever starts the program tells of its scout. */
export function expectScout(port: MessagePort, began: number): void {
  sent = new Scouted(port, began)
}

/** Its scout serves the first run of a process only. */
export function takeScouted(): Scouted | undefined {
  const scouted = sent
  sent = undefined
  return scouted
}
