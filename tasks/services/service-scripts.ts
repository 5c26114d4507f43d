/** What a service is stopped by. */
export const stopScripts = paths('aurora_service', 'lib', 'lib_boot', 'lib_process', 'lib_service')

/** What every service is started and kept by. */
export const serviceScripts = [
  ...stopScripts,
  ...paths('aurora_health', 'lib_http', 'lib_startup', 'lib_supervise'),
]

function paths(...names: string[]): string[] {
  return names.map((name) => `remote-scripts/${name}.sh`)
}
