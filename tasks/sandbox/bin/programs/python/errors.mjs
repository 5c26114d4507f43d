// What the stand-in of Python ends with: `status` is its exit code.

/** A Python exception, as the real one words it. */
export class PythonError extends Error {
  python = true
  status = 1
  constructor(type, text) {
    super(`Traceback (most recent call last):\n${type}: ${text}`)
  }
}

/** Something that only a real Python can do. */
export class Refused extends Error {
  python = true
  status = 2
  constructor(text) {
    super(
      `python2.7: ${text}\nThis is the sandbox's stand-in: it knows -V, setup.py bdist_egg, -c with imports, and miniature pexes.`,
    )
  }
}
