/** Results and the run's story. */
export function print(text: string | Buffer): void {
  process.stdout.write(text)
}

/** Errors, warnings and suggestions. */
export function complain(text: string): void {
  process.stderr.write(text)
}

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
