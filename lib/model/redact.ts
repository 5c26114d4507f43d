/** Hides secrets in a text that comes in pieces: however it is cut, it shows the same as in one piece. */
export interface Redactor {
  /** @returns what can be shown by now */
  add(piece: string): string
  /** Whether something that came is not shown yet. */
  readonly holdsBack: boolean
  /** @returns what was held back, for the piece that would have gone on with it does not come */
  end(): string
}

/** Every character of every occurrence is hidden, also where occurrences overlap. */
export function redactor(secrets: string[]): Redactor {
  const hidden = toHide(secrets)
  if (hidden.length === 0) return showingAll
  const longest = Math.max(0, ...hidden.map(({ length }) => length))
  /** What may still matter: `text` from `shown` on was not shown yet, what is before it may be part of an occurrence. */
  let text = ''
  let shown = 0
  let isHiding = false
  const showUntil = (end: number): string => {
    const pieces: string[] = []
    const show = (to: number, isSecret: boolean) => {
      if (to <= shown) return
      if (!isSecret) pieces.push(text.slice(shown, to))
      else if (!isHiding) pieces.push('***')
      isHiding = isSecret
      shown = to
    }
    for (const [from, to] of occurrences(text, hidden)) {
      show(Math.min(from, end), false)
      show(Math.min(to, end), true)
    }
    show(end, false)
    const past = Math.max(0, shown - longest)
    text = text.slice(past)
    shown -= past
    return pieces.join('')
  }
  return {
    add(piece) {
      text += piece
      return showUntil(Math.max(shown, text.length - beginningAtEnd(text, hidden)))
    },
    get holdsBack() {
      return shown < text.length
    },
    end: () => showUntil(text.length),
  }
}

const showingAll: Redactor = { add: (piece) => piece, holdsBack: false, end: () => '' }

export function redacted(text: string, secrets: string[]): string {
  const { add, end } = redactor(secrets)
  return add(text) + end()
}

/** Of a secret with many lines, its longer lines too: a log is often cut at a line. */
function toHide(secrets: string[]): string[] {
  const whole = secrets.map((secret) => secret.trim()).filter((secret) => secret !== '')
  const lines = whole.flatMap((secret) => secret.split('\n')).map((line) => line.trim())
  return [...new Set([...whole, ...lines.filter((line) => line.length >= 8)])]
}

/** Where secrets are, in the order of their beginning. */
function occurrences(text: string, hidden: string[]): [from: number, to: number][] {
  const found: [number, number][] = []
  for (const secret of hidden)
    for (let at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1))
      found.push([at, at + secret.length])
  return found.sort(([a], [b]) => a - b)
}

/** How many characters at the end of the text could be the beginning of a secret. */
function beginningAtEnd(text: string, hidden: string[]): number {
  const lengths = hidden.map((secret) => {
    for (let length = Math.min(text.length, secret.length - 1); length > 0; length--)
      if (secret.startsWith(text.slice(-length))) return length
    return 0
  })
  return Math.max(0, ...lengths)
}
