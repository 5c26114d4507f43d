import { isAbsolute, join, relative } from 'node:path'
import { Failed } from '../model/failure.ts'
import type { Host } from '../model/host.ts'
import type { Heard, LocalFile } from '../model/host-session.ts'
import { nameOnHost } from '../model/instance.ts'
import { redacted } from '../model/redact.ts'
import type { Shell } from '../model/shell.ts'
import type { RunContext, Task } from '../model/task.ts'
import type { Engine } from './engine.ts'
import type { Errands } from './errands.ts'
import { isForced } from './jobs.ts'
import { remoteHost } from './remote-host.ts'
import { secretsOf } from './secrets.ts'
import type { Step } from './step.ts'

interface ContextOptions extends Step {
  signal: AbortSignal
  $: Shell
  errands: Errands
  onOutput(stream: 'stdout' | 'stderr', text: string): void
  heard: Heard
}

/** What a task's `run` is given. Once its signal is aborted, nothing of it does anything. */
export function authorContext(options: ContextOptions): RunContext<any> {
  const { engine, instance, judgement, tools, signal, $, errands, onOutput } = options
  const { root, config, fleet } = engine.workspace
  const hidden = (text: string) => redacted(text, secretsOf(engine, instance))
  const progress = (done: number, total: number, unit = 'bytes') => {
    if (signal.aborted) return
    tools.emit({ type: 'task-progress', task: instance.id, done, total, unit: hidden(unit) })
  }
  const byHost = (task: Task) => outputsByHost(options, task)
  return {
    config,
    host: judgement.session ? errands.allOf(writingHost(options, progress)) : (undefined as never),
    hosts: fleet.hosts,
    $,
    root,
    signal,
    fresh: isForced(options),
    facts: judgement.facts,
    outputs: (task) => [...new Set(Object.values(byHost(task)).flat())].sort(),
    outputsByHost: byHost,
    download: (name) => errands.run(() => download(options, name, progress)),
    log: (line) => {
      if (!signal.aborted) onOutput('stdout', `${line}\n`)
    },
    warn: (text) => {
      if (!signal.aborted) tools.warn({ kind: 'task', task: instance.id, text: hidden(text) })
    },
    progress,
  }
}

function writingHost(
  { engine, instance, judgement, tools, signal, onOutput, heard }: ContextOptions,
  progress: (done: number, total: number) => void,
) {
  const { root } = engine.workspace
  const { env, secrets } = engine.declarations(instance)
  const absolute = (path: string) => (isAbsolute(path) ? path : join(root, path))
  const session = judgement.session!
  return remoteHost({
    session,
    facts: judgement.facts,
    signal,
    secrets: secretsOf(engine, instance),
    writing: {
      task: instance.task.name,
      job: {
        task: nameOnHost(instance),
        key: judgement.key,
        env: Object.fromEntries(
          [...env, ...secrets].flatMap((name) =>
            process.env[name] === undefined ? [] : [[name, process.env[name]!]],
          ),
        ),
        onOutput,
        heard,
      },
      scripts: Object.fromEntries(
        Object.keys(judgement.action.files)
          .filter((path) => path.startsWith(scriptsFolder))
          .map((path) => [path.slice(scriptsFolder.length), join(root, path)]),
      ),
      localFile: (path) => localFile(engine, absolute(path)),
      offer: (files) => tools.relay.offerTo(session.host, files, progress, signal),
      absolute,
      progress,
    },
  })
}

const scriptsFolder = 'remote-scripts/'

function localFile({ digests, workspace: { root } }: Engine, path: string): LocalFile {
  const state = digests.state(path.startsWith(`${root}/`) ? relative(root, path) : path)
  if (state && 'digest' in state) return { path, ...state }
  throw new Failed({
    kind: 'refused',
    problem: `There is no file \`${relative(root, path)}\` to upload.`,
    advice: 'Name a file that the task declares as an input, or that a needed task makes.',
  })
}

/** Brought home where a remote task did so; otherwise where it made them. */
function outputsByHost({ instance, madeBy }: ContextOptions, task: Task): Record<string, string[]> {
  const needed = instance.needs.find(({ need }) => need.task === task)
  if (!needed)
    throw new Failed({
      kind: 'refused',
      problem: `Task \`${instance.task.name}\` asks for the outputs of \`${task.name}\`, which it does not need.`,
      advice: `Add \`${task.name}\` to its \`needs\`.`,
    })
  return Object.fromEntries(
    needed.instances.map((one) => {
      const { outputs, collected } = madeBy(one) ?? { outputs: {}, collected: {} }
      const paths = Object.keys(Object.keys(collected).length > 0 ? collected : outputs)
      return [(one.host as Host | undefined)?.name ?? '', paths.sort()]
    }),
  )
}

async function download(
  { engine, instance, tools, signal }: ContextOptions,
  name: string,
  progress: (done: number, total: number) => void,
): Promise<string> {
  const declared = engine.declarations(instance).downloads.find((one) => one.name === name)
  if (!declared)
    throw new Failed({
      kind: 'refused',
      problem: `Task \`${instance.task.name}\` asks for the download \`${name}\`, which it does not declare.`,
      advice: 'Add it to its `inputs.downloads`.',
    })
  const { fetchDownload } = await import('../inputs/downloads.ts')
  return fetchDownload(declared, {
    root: engine.workspace.root,
    folder: engine.layout.downloads,
    signal,
    progress,
    warn: tools.warn,
  })
}
