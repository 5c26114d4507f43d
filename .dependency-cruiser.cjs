/** The layers of `lib/README.md`: what each folder may import. Type imports count. */
const may = {
  model: [],
  disk: ['model'],
  inputs: ['model', 'disk'],
  cache: ['model', 'disk'],
  local: ['model'],
  hosts: ['model'],
  report: ['model'],
  render: ['model'],
  run: ['model', 'disk', 'inputs', 'cache', 'local'],
  launch: ['model', 'inputs', 'cache', 'cli', 'index.ts'],
  sandbox: ['model', 'hosts', 'local'],
}

/** The same of the rooms of `hosts/`; what stands beside them may import them all. */
const mayInHosts = {
  ssh: [],
  remote: ['ssh'],
  cluster: ['ssh'],
  lease: ['ssh', 'remote'],
  jobs: ['ssh', 'remote'],
  checks: ['ssh', 'remote', 'jobs'],
  transfer: ['ssh', 'remote', 'checks'],
}

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ...Object.entries(may).map(([layer, allowed]) => ({
      name: `${layer}-imports-only-${allowed.join('-') || 'itself'}`,
      severity: 'error',
      from: { path: `^lib/${layer}/` },
      to: { path: '^(lib|tasks|test)/', pathNot: [layer, ...allowed].map((one) => `^lib/${one}(/|$)`) },
    })),
    ...Object.entries(mayInHosts).map(([room, allowed]) => ({
      name: `hosts-${room}-imports-only-${allowed.join('-') || 'itself'}`,
      severity: 'error',
      from: { path: `^lib/hosts/${room}/` },
      to: { path: '^lib/hosts/', pathNot: [room, ...allowed].map((one) => `^lib/hosts/${one}/`) },
    })),
    {
      name: 'lib-never-imports-tasks',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(tasks|test)/' },
    },
    {
      name: 'tasks-import-only-the-engines-index',
      severity: 'error',
      from: { path: '^tasks/' },
      to: { path: '^lib/', pathNot: '^lib/index\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs'],
    },
  },
}
