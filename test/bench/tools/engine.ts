import { resolve } from 'node:path'
import { commandOf, needsOf, sinksOf, tasksOf, type Workload } from '../workload.ts'
import { numberIn, type Tool } from './tool.ts'

/** How the engine is started: through its compiled entry where `ENGINE_ENTRY` names one, else through tsx. */
export const started = process.env.ENGINE_ENTRY
  ? [process.execPath, resolve(process.env.ENGINE_ENTRY)]
  : [process.execPath, '--import', import.meta.resolve('tsx'), 'tasks/index.ts']

export const engine = startedBy('engine', started)

/** The same as its users start it. */
export const engineByNpx = startedBy('engine-npx', ['npx', 'tsx', 'tasks'])

function startedBy(name: string, start: string[]): Tool {
  return {
    name,
    comesFrom: { checkout: true },
    layout: 'root',
    files: (workload) => ({
      'package.json': '{ "type": "module" }\n',
      'tasks/index.ts': tasks(workload),
    }),
    build: (workload, jobs) => [
      ...start,
      'run',
      ...sinksOf(workload).map((task) => `t${task}`),
      '--jobs',
      `${jobs}`,
    ],
    list: [...start, 'list'],
    state: ['.cache'],
    ran: (printed) => {
      const summary = /^✓ (?:Done|Nothing to do): .*$/m.exec(printed)?.[0]
      return summary === undefined ? undefined : (numberIn(summary, /(\d+) ran\b/) ?? 0)
    },
  }
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: it is put into a template of the generated code
const number = '${i}'

function tasks(workload: Workload): string {
  const library = new URL('../../../lib/index.ts', import.meta.url).href
  const needs = tasksOf(workload).map((task) => needsOf(workload, task))
  return `import { main, type Task, task } from '${library}'

const needs: number[][] = ${JSON.stringify(needs)}

const tasks: Task[] = []
for (const [i, needed] of needs.entries())
  tasks.push(
    task({
      module: import.meta.url,
      name: \`t\${i}\`,
      description: \`Strip the comments of in/\${i}\`,
      needs: needed.map((need) => tasks[need]!),
      inputs: { files: [\`in/\${i}/*\`] },
      outputs: { files: [\`out/\${i}.txt\`] },
      run: async ({ $ }) => void (await $\`${commandOf(workload, number)}\`),
    }),
  )

await main({ tasks })
`
}
