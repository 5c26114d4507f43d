import type { Instance } from '../model/instance.ts'
import type { MadeBy } from '../model/made.ts'
import type { Engine } from './engine.ts'
import type { Judgement } from './judge.ts'
import type { Tools } from './tools.ts'

/** One instance on its way through a run, once it was judged. */
export interface Step {
  engine: Engine
  instance: Instance
  judgement: Judgement
  /** What needed instances made. */
  madeBy: MadeBy
  tools: Tools
}
