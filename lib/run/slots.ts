import TinyQueue from 'tinyqueue'

interface Waiting {
  rank: number
  number: number
  start(): void
}

/** `leave`: lets the next one in before its own act is over. */
type Act<T> = (leave: () => void) => Promise<T>

type Admit = <T>(rank: number, act: Act<T>) => Promise<T>

/** Lets so many act at a time: of those that wait, the highest rank first, and among equals whoever came first. */
export function slots(free: number): Admit {
  const waiting = new TinyQueue<Waiting>([], (a, b) => b.rank - a.rank || a.number - b.number)
  let number = 0
  const fill = () => {
    for (; free > 0 && waiting.length > 0; free--) waiting.pop()!.start()
  }
  return async (rank, act) => {
    await new Promise<void>((start) => {
      waiting.push({ rank, number: number++, start })
      // Not at once: those that become ready at the same moment are to be compared.
      queueMicrotask(fill)
    })
    let isIn = true
    const leave = () => {
      if (!isIn) return
      isIn = false
      free++
      fill()
    }
    try {
      return await act(leave)
    } finally {
      leave()
    }
  }
}
