import { commandOf, needsOf, tasksOf, type Workload } from '../workload.ts'
import { json } from './tool.ts'

/** A workload as npm packages that depend on each other, each with a script `build`; as `npm install` leaves it. */
export function npmWorkspace(workload: Workload, tool: string): Record<string, string> {
  const root = {
    name: 'workspace',
    version: '1.0.0',
    private: true,
    packageManager: 'npm@11.0.0',
    workspaces: ['packages/*'],
    devDependencies: { [tool]: '*' },
  }
  const packages = tasksOf(workload).map((task) => ({
    path: `packages/t${task}`,
    manifest: {
      name: `t${task}`,
      version: '1.0.0',
      scripts: { build: commandOf(workload, task) },
      dependencies: Object.fromEntries(needsOf(workload, task).map((need) => [`t${need}`, '1.0.0'])),
    },
  }))
  const locked = packages.flatMap(({ path, manifest: { scripts: _, ...manifest } }) => [
    [path, manifest],
    [`node_modules/${manifest.name}`, { resolved: path, link: true }],
  ])
  const { packageManager: _, ...lockedRoot } = root
  return {
    'package.json': json(root),
    'package-lock.json': json({
      name: root.name,
      version: root.version,
      lockfileVersion: 3,
      requires: true,
      packages: { '': lockedRoot, ...Object.fromEntries(locked) },
    }),
    ...Object.fromEntries(packages.map(({ path, manifest }) => [`${path}/package.json`, json(manifest)])),
  }
}
