/** Shows what would do something to a terminal, but for line ends and tabs: names of files may hold anything. */
export function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  return text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, (character) => {
    const code = character.charCodeAt(0).toString(16)
    return `\\x${code.padStart(2, '0')}`
  })
}
