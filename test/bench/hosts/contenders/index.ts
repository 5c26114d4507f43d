import { ansible, ansibleTuned } from './ansible.ts'
import type { Contender } from './contender.ts'
import { engine } from './engine.ts'
import { openssh } from './openssh.ts'

export const contenders: Contender[] = [engine, openssh, ansible, ansibleTuned]
