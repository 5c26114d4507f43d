/** The compiled engine: what tasks import, and what is asked of it before they are loaded. */
import '../cli/started-program.ts'

export { offerSurvey } from '../cli/begin-survey.ts'
export * from '../index.ts'
