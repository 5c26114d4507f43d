// What build.gradle takes from elsewhere. Nothing is ever downloaded for it; but where Gradle may ask one repository only, or
// none, what is not there is missed as the real build would miss it.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const { OFFLINE, ONLY_REPOSITORY } = process.env

/** @returns what the real Gradle would say, if anything is missing */
export function missingArtefacts() {
  const build = readFileSync('build.gradle', 'utf8')
  const plugins = [...build.matchAll(/^ *id '(.+)' version '(.+)'$/gm)].map(([, id, version]) => ({
    id,
    version,
  }))
  const artefacts = [...build.matchAll(/^ *compile '(.+):(.+):(.+)'$/gm)].map((match) => match.slice(1))
  if (ONLY_REPOSITORY)
    return (
      missing(
        plugins,
        (plugin) => !isThere(plugin),
        ({ id }) => `no jar in ${ONLY_REPOSITORY} has the plugin ${id}`,
      ) ??
      missing(
        artefacts,
        (artefact) => !existsSync(fileOf(artefact)),
        (artefact) => `Could not find ${artefact.join(':')}.`,
      )
    )
  if (OFFLINE) return `Plugin ${plugins[0].id} cannot be resolved because Gradle is running in offline mode`
}

function missing(all, isMissing, say) {
  const one = all.find(isMissing)
  return one && say(one)
}

function fileOf([group, name, version]) {
  return join(ONLY_REPOSITORY, ...group.split('.'), name, version, `${name}-${version}.jar`)
}

function isThere({ id, version }) {
  return readdirSync(ONLY_REPOSITORY, { recursive: true })
    .filter((path) => path.endsWith(`-${version}.jar`))
    .some((path) =>
      readFileSync(join(ONLY_REPOSITORY, path)).includes(`META-INF/gradle-plugins/${id}.properties`),
    )
}
