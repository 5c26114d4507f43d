import { styleText } from 'node:util'

const styles = ['bold', 'dim', 'red', 'green', 'yellow', 'cyan'] as const

export type Colors = Record<(typeof styles)[number], (text: string) => string>

export type ColorMode = 'auto' | 'always' | 'never'

/** Colours for a stream: `auto` means on a terminal, unless NO_COLOR is set or TERM is `dumb`. */
export function colorsFor(stream: { isTTY?: boolean }, mode: ColorMode, env = process.env): Colors {
  const wanted = stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb'
  const colored = mode === 'always' || (mode === 'auto' && wanted)
  const entries = styles.map((style) => [
    style,
    (text: string) => (colored ? styleText(style, text, { validateStream: false }) : text),
  ])
  return Object.fromEntries(entries)
}
