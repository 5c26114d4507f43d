import { expect, test } from 'vitest'
import { buildGraph } from '../../../lib/model/graph.ts'
import { selectInstances } from '../../../lib/model/instance.ts'
import type { Task, TaskOptions } from '../../../lib/model/task.ts'
import { graphFormats, renderGraph } from '../../../lib/render/graph.ts'
import { instanceNodes, taskNodes } from '../../../lib/render/picture.ts'

function task(name: string, needs: Task[] = [], more: Partial<TaskOptions<unknown>> = {}): Task {
  return { kind: 'task', module: 'm', name, description: `Do ${name}`, needs, run: async () => {}, ...more }
}

const eggs = task('eggs')
const install = task('install', [eggs], { on: 'master' })
const spread = task('spread', [install, eggs], { on: 'slaves' })
const graph = buildGraph([spread, install, eggs])
const nodes = taskNodes(graph, graph.tasks)

test('text lists tasks in the order of need, with where they run and what they need', () => {
  expect(renderGraph(nodes, 'text')).toBe(
    'TASK     WHERE   NEEDS\n' +
      'eggs     here    –\n' +
      'install  master  eggs\n' +
      'spread   slaves  install, eggs\n',
  )
})

test('dot draws arrows from what is needed to what needs it', () => {
  const picture = renderGraph(nodes, 'dot')
  expect(picture).toMatch(/^digraph tasks \{\n(.*\n)+\}\n$/)
  expect(picture).toContain('"install" [label="install\\nmaster", tooltip="Do install"]')
  expect(picture).toContain('"eggs" -> "install"')
})

test('dot escapes quotes and backslashes', () => {
  const [node] = taskNodes(graph, [eggs])
  expect(renderGraph([{ ...node!, description: 'a "b" \\ c' }], 'dot')).toContain(
    'tooltip="a \\"b\\" \\\\ c"',
  )
})

test('mermaid numbers its nodes, so that no name is a word of its own', () => {
  const end = task('end')
  const picture = renderGraph(
    taskNodes(buildGraph([end, task('next', [end])]), [end, task('next', [end])]),
    'mermaid',
  )
  expect(picture).toMatch(/^flowchart TD\n {2}t1\["end<br\/>here"\]/)
})

test('json gives names, descriptions, places and needs', () => {
  expect(JSON.parse(renderGraph(nodes, 'json'))).toEqual({
    tasks: [
      { name: 'eggs', description: 'Do eggs', on: null, needs: [] },
      { name: 'install', description: 'Do install', on: 'master', needs: ['eggs'] },
      { name: 'spread', description: 'Do spread', on: 'slaves', needs: ['install', 'eggs'] },
    ],
  })
})

test('instances are nodes of their own', () => {
  const host = (name: string, role: string) => ({ name, role, address: 'a', root: '' })
  const hosts = {
    master: [host('master', 'master')],
    slaves: [host('slave-1', 'slaves'), host('slave-2', 'slaves')],
  }
  const instances = instanceNodes(selectInstances(graph, hosts, { targets: ['spread'] }))
  expect(instances.map(({ name, on, needs }) => [name, on, needs])).toEqual([
    ['eggs', null, []],
    ['install@master', 'master', ['eggs']],
    ['spread@slave-1', 'slave-1', ['install@master', 'eggs']],
    ['spread@slave-2', 'slave-2', ['install@master', 'eggs']],
  ])
})

test.each(graphFormats)('a chain of 5000 tasks is drawn as %s', (format) => {
  const chain: Task[] = []
  for (let index = 0; index < 5000; index++) chain.push(task(`t${index}`, chain.slice(-1)))
  expect(renderGraph(taskNodes(buildGraph(chain), chain), format)).toContain('t4999')
})
