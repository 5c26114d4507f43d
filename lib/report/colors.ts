import picocolors from 'picocolors'

export type Colors = ReturnType<typeof picocolors.createColors>

export type ColorMode = 'auto' | 'always' | 'never'

/** Colours for a stream: `auto` means on a terminal, unless NO_COLOR is set or TERM is `dumb`. */
export function colorsFor(stream: { isTTY?: boolean }, mode: ColorMode, env = process.env): Colors {
  const wanted = stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb'
  return picocolors.createColors(mode === 'always' || (mode === 'auto' && wanted))
}
