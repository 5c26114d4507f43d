// Where the real scheduler finds libmesos.so. Nothing in a miniature would load it, but scripts must say where it is.
import { existsSync } from 'node:fs'
import { log } from './state.mjs'

export function findNativeLibrary(properties) {
  const { MESOS_NATIVE_JAVA_LIBRARY: file, MESOS_NATIVE_LIBRARY: deprecated } = process.env
  if (deprecated && !file)
    log('Warning: MESOS_NATIVE_LIBRARY is deprecated, use MESOS_NATIVE_JAVA_LIBRARY instead')
  const folders = (properties['java.library.path'] ?? '').split(':')
  const named = file ?? deprecated
  const candidates = named ? [named] : folders.map((folder) => `${folder}/libmesos.so`)
  if (candidates.some((path) => existsSync(path))) return
  console.error(
    `java.lang.UnsatisfiedLinkError: no libmesos.so at ${candidates.join(', ')} (the sandbox's miniature scheduler)`,
  )
  process.exit(1)
}
