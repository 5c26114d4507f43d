import { doit } from './doit.ts'
import { engine, engineByNpx } from './engine.ts'
import { lage } from './lage.ts'
import { make } from './make.ts'
import { moon } from './moon.ts'
import { ninja, ninjaRestat } from './ninja.ts'
import { nx, nxWithoutDaemon } from './nx.ts'
import type { Tool } from './tool.ts'
import { turbo } from './turbo.ts'
import { wireit } from './wireit.ts'

export const tools: Tool[] = [
  engine,
  engineByNpx,
  make,
  ninja,
  ninjaRestat,
  doit,
  wireit,
  turbo,
  nx,
  nxWithoutDaemon,
  lage,
  moon,
]
