import { ansible, ansibleTuned } from './ansible.ts'
import type { Contender } from './contender.ts'
import { engine, engineVia } from './engine.ts'
import { openssh, opensshCurve25519 } from './openssh.ts'

export const contenders: Contender[] = [engine, engineVia, openssh, opensshCurve25519, ansible, ansibleTuned]
