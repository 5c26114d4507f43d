/** Ends pants as it does for what a user can put right. */
export function fail(text) {
  console.error(`FAILURE: ${text} (the sandbox's miniature of pants)`)
  process.exit(1)
}
