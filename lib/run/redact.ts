/** Hides secrets in a text that comes in pieces, also one that is cut by the end of a piece. */
export interface Redactor {
  /** @returns what can be shown by now */
  add(piece: string): string
  /** @returns what was held back, for the piece that would have gone on with it does not come */
  end(): string
}

export function redactor(secrets: string[]): Redactor {
  const hidden = secrets.filter((secret) => secret !== '').sort((a, b) => b.length - a.length)
  let held = ''
  return {
    add(piece) {
      const text = hidden.reduce((shown, secret) => shown.replaceAll(secret, '***'), held + piece)
      const safe = text.length - Math.max(0, ...hidden.map((secret) => beginningAtEnd(text, secret)))
      held = text.slice(safe)
      return text.slice(0, safe)
    },
    end() {
      const rest = held
      held = ''
      return rest
    },
  }
}

/** How many characters at the end of the text could be the beginning of the secret. */
function beginningAtEnd(text: string, secret: string): number {
  for (let length = Math.min(text.length, secret.length - 1); length > 0; length--)
    if (secret.startsWith(text.slice(-length))) return length
  return 0
}
