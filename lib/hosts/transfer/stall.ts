import { Failed } from '../../model/failure.ts'

/**
 * Gives up work that does not call `alive` for so many milliseconds: the failure is `stalled`.
 * @param options.what a reader of the failure knows it by
 */
export async function unlessStalled<T>(
  options: { host: string; what: string; patience: number },
  work: (alive: () => void) => Promise<T>,
): Promise<T> {
  const { host, what, patience } = options
  let timer: NodeJS.Timeout | undefined
  const stalled = new Promise<never>((_resolve, reject) => {
    const detail = `${what}: nothing moved for ${patience / 1000} s`
    timer = setTimeout(() => reject(new Failed({ kind: 'stalled', host, detail })), patience)
  })
  try {
    return await Promise.race([work(() => void timer?.refresh()), stalled])
  } finally {
    clearTimeout(timer)
  }
}
