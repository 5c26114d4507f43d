import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { removeLeftovers } from '../rig/cluster/leftovers.ts'
import { docker } from '../rig/docker.ts'
import { type Container, containerOf, imageWith } from './container.ts'

/**
 * Debian's own Gradle builds a small project that is made like Aurora (`gradle/project`: a plugins block, a subproject, a
 * buildSrc with needs of its own) by `aurora_install.sh`, from the archive that tasks/README.md makes of Gradle's cache. In a
 * container without a network, where a site on loopback is all that there is of Maven repositories and the plugin portal.
 */

const repository = dirname(dirname(import.meta.dirname))
const gradleVersion = '4.4.1'
const scheduler = '/aurora/dist/install/aurora-scheduler/bin/aurora-scheduler'

let image: string
let host: Container
beforeAll(async () => {
  await removeLeftovers()
  image = await imageWith('gradle', ['gradle', 'openjdk-11-jdk-headless'])
  host = await containerOf(image)
  await host.put(join(repository, 'remote-scripts'), '/remote-scripts')
  await host.put(join(import.meta.dirname, 'gradle'), '/upstream')
  await host.run('tar -czf /aurora.tar.gz -C /upstream project')
})
afterAll(async () => {
  await host?.remove()
  await docker('image', 'rm', '--force', image)
})

/** `aurora_install.sh`, with more or other variables. */
const install = (variables = 'MAVEN_ARCHIVE=/tmp/maven-repository.tar.gz') => `
  cd /remote-scripts
  env AURORA_HOME=/aurora AURORA_SOURCE=/aurora.tar.gz JDK_RELEASE=11 GRADLE_VERSION=${gradleVersion} \\
    GRADLE_TASK=installDist ${variables} bash ./aurora_install.sh`

test('where repositories and portal are reached, Gradle keeps what it needs in its cache', async () => {
  await host.run(`
    bash /upstream/publish.sh /site
    java /upstream/Site.java /site </dev/null >/dev/null 2>&1 & echo $! >/site.pid
    for try in {1..100}; do ! (: </dev/tcp/127.0.0.1/8000) 2>/dev/null || break; sleep 0.2; done
    cp -R /upstream/project /online && cd /online
    gradle --no-daemon --gradle-user-home /tmp/gradle installDist \\
      -Dorg.gradle.internal.plugins.portal.url.override=http://127.0.0.1:8000/
    kill "$(</site.pid)"`)
})

test('the documentation makes an archive of it', async () => {
  const documentation = await readFile(join(repository, 'tasks/README.md'), 'utf8')
  const [, commands] = documentation.match(/```sh\n( *cd \/tmp\/gradle[^`]*)```/)!
  await host.run(commands!)
  expect(await host.run('tar -tzf /tmp/maven-repository.tar.gz')).toContain(
    './com/example/commons/args/0.2.9/args-0.2.9.pom\n',
  )
})

test('without the archive nothing can be built where there is no network', async () => {
  expect(await host.refusal(install(''))).toContain('Could not resolve com.example.commons:quantity:0.0.99')
})

test('from the archive alone the scheduler is built, and runs', async () => {
  expect(await host.run(install())).toContain('changed: scheduler built')
  expect(await host.run(scheduler)).toBe('made of com.example.commons.Args and org.apache.aurora.api.Api')
})

test('the second time there is nothing to change', async () => {
  expect(await host.run(install())).toMatch(/^nothing to change$/m)
})

test('an artefact that is missing in it is named', async () => {
  await host.run('rm /aurora/build-support/gradle-offline/repository/com/example/commons/args/0.2.9/*')
  expect(await host.refusal(install())).toContain('Could not find com.example.commons:args:0.2.9')
})

test('so is a plugin, with what to do', async () => {
  await host.run('rm -r /aurora/build-support/gradle-offline/repository/com/example/licence-plugin')
  expect(await host.refusal(install())).toMatch(
    /build\.gradle needs the plugin com\.example\.licence 0\.11, and no jar .* Add it to the archive that is downloads\.maven/,
  )
})

test('a plugins block that says something else is refused with that line', async () => {
  await host.run(`sed -i "s/^  id 'com.example.hint'.*/& apply false/" /aurora/build.gradle`)
  expect(await host.refusal(install())).toMatch(
    /build\.gradle asks the plugin portal in words .*: id 'com\.example\.hint' version '1\.12' apply false/,
  )
})
