/** Results and the run's story. */
export function print(text: string | Buffer): void {
  const { stdout } = process
  // What is printed at a time is written at once: each time takes as long as much else.
  if (stdout.writableCorked === 0) {
    stdout.cork()
    setImmediate(() => stdout.uncork())
  }
  stdout.write(text)
}

/** Errors, warnings and suggestions. */
export function complain(text: string): void {
  // Both may be shown on one terminal.
  process.stdout.uncork()
  process.stderr.write(text)
}

process.once('exit', () => process.stdout.uncork())

/** Lets a reader go away (`| head`, a closed terminal) without ending a run half-way: what it would have read is dropped. */
export function tolerateClosedReaders(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error
    })
}

/** Resolves when all that was printed has reached its reader. */
export async function flushed(): Promise<void> {
  await Promise.all(
    [process.stdout, process.stderr].map(
      (stream) => new Promise<void>((done) => (stream.writable ? stream.write('', () => done()) : done())),
    ),
  )
}
