import { colorsFor } from '../report/colors.ts'
import { jsonReporter } from '../report/json.ts'
import { plainReporter } from '../report/plain.ts'
import type { Reporter } from '../report/reporter.ts'
import type { Context } from './command.ts'
import type { Link } from './main-options.ts'
import { complain, print } from './output.ts'

/** The reporter that the command line asks for. `auto` is plain text, with colours on a terminal. */
export function reporterFor(common: Context['common'], links: Link[]): Reporter {
  const outlet = { out: print, err: complain, errColors: colorsFor(process.stderr, common.color) }
  if (common['log-format'] === 'json') return jsonReporter(outlet)
  const { quiet, verbose, color } = common
  return plainReporter(outlet, { colors: colorsFor(process.stdout, color), quiet, verbose, links })
}
