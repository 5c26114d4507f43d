import { startSshd } from '../../rig/sshd.ts'
import { hostContract } from './contract.ts'

hostContract('OpenSSH', () => startSshd())
