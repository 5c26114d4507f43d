/** What cannot be done as asked, or goes no further, in words for whoever asked. */
export class Refusal extends Error {
  constructor(
    message: string,
    readonly exitCode = 2,
  ) {
    super(message)
  }
}
