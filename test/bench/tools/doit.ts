import { commandOf, needsOf, tasksOf, type Workload } from '../workload.ts'
import { countIn, json, type Tool } from './tool.ts'

export const doit: Tool = {
  name: 'doit',
  comesFrom: { program: 'doit', debian: 'python3-doit' },
  layout: 'root',
  files: (workload) => ({ 'dodo.py': dodo, 'tasks.json': declared(workload) }),
  build: (_, jobs) => ['doit', '-n', `${jobs}`],
  state: ['.doit.db', '.doit.db.dat', '.doit.db.dir', '.doit.db.bak'],
  ran: (printed) => countIn(printed, /^\. {2}\S/gm),
}

const dodo = `import json
from glob import glob

with open('tasks.json') as declared:
    tasks = json.load(declared)


def task_strip():
    for number, task in enumerate(tasks):
        yield {
            'name': f't{number}',
            'actions': [task['command']],
            'file_dep': glob(f'in/{number}/*') + [f'out/{need}.txt' for need in task['needs']],
            'targets': [f'out/{number}.txt'],
        }
`

function declared(workload: Workload): string {
  return json(
    tasksOf(workload).map((task) => ({
      command: commandOf(workload, task),
      needs: needsOf(workload, task),
    })),
  )
}
