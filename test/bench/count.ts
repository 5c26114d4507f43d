import { Refusal } from './refusal.ts'

/** The number that an option says. @throws Refusal where it says none */
export function count(option: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new Refusal(`\`${option} ${text}\`: a number from 1 is expected`)
  return Number(text)
}
