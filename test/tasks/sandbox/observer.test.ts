import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Box, expectDone, freePorts, openBox } from './box.ts'
import { ask, askJson, becomes } from './nodes.ts'
import { unpackAurora } from './source-release.ts'

let box: Box
let port: number
beforeEach(async () => {
  box = openBox()
  await unpackAurora(box)
  expectDone(
    box.run('cd aurora && ./pants binary src/main/python/apache/thermos/observer/bin:thermos_observer'),
  )
  port = (await freePorts(['observer'])).observer!
})
afterEach(() => box.close())

const observer = () => box.path('aurora/dist/thermos_observer.pex')

test('it answers the addresses of the real one', async () => {
  box.start([observer(), `--root=${box.path('var/run/thermos')}`, `--port=${port}`, '--log_to_disk=NONE'])
  await becomes(() => ask(port, '/health'), 'OK')
  expect(await ask(port, '/')).toBe(302)
  expect(await ask(port, '/main')).toMatch(/miniature observer/)
  expect(await askJson(port, '/j/task_ids/active')).toMatchObject({ tasks: [] })
  expect(await askJson(port, '/j/task_id_count')).toMatchObject({ active: 0 })
  expect(await ask(port, '/task/none')).toBe(404)
  expect(await ask(port, '/health', 'POST')).toBe(405)
})

test('it shows the tasks that have checkpoints under its root', async () => {
  box.write('var/run/thermos/tasks/active/some-task', '')
  box.start([observer(), '--root', box.path('var/run/thermos'), '--port', String(port)])
  await becomes(() => ask(port, '/health'), 'OK')
  expect(await askJson(port, '/j/task_ids')).toMatchObject({ tasks: [{ task_id: 'some-task' }] })
})

test('an option that it does not know ends it', async () => {
  const started = box.start([observer(), '--mesos-root=/var/lib/mesos'])
  expect(await started.ended).toBe(2)
  expect(started.output()).toMatch(/no such option: --mesos-root=/)
})

test('an option without its value ends it', async () => {
  const started = box.start([observer(), '--port'])
  expect(await started.ended).toBe(2)
  expect(started.output()).toMatch(/--port requires an argument/)
})

test('from Aurora 0.8.0 on it is told where Mesos works', async () => {
  await unpackAurora(box, 'next', '0.8.0')
  expectDone(
    box.run('cd next && ./pants binary src/main/python/apache/thermos/observer/bin:thermos_observer'),
  )
  box.start([box.path('next/dist/thermos_observer.pex'), '--mesos-root=/var/lib/mesos', `--port=${port}`])
  await becomes(() => ask(port, '/health'), 'OK')
})
