import TinyQueue from 'tinyqueue'

/** First in the queue, and then in a slot. */
export interface Place {
  /** Resolves once there is a slot for it. */
  turn: Promise<void>
  /** Lets the next one in. */
  leave(): void
}

interface Waiting {
  rank: number
  number: number
  state: 'waits' | 'is in' | 'has left'
  enter(): void
}

/** So many slots: of those that wait for one, the highest rank gets it first, and among equals whoever came first. */
export function slots(free: number): (rank: number) => Place {
  const waiting = new TinyQueue<Waiting>([], (a, b) => b.rank - a.rank || a.number - b.number)
  let number = 0
  const fill = () => {
    while (free > 0 && waiting.length > 0) {
      const next = waiting.pop()!
      if (next.state === 'has left') continue
      next.state = 'is in'
      free--
      next.enter()
    }
  }
  return (rank) => {
    const one: Waiting = { rank, number: number++, state: 'waits', enter() {} }
    const turn = new Promise<void>((enter) => {
      one.enter = enter
    })
    waiting.push(one)
    // Not at once: those that become ready at the same moment are to be compared.
    queueMicrotask(fill)
    const leave = () => {
      if (one.state === 'is in') free++
      one.state = 'has left'
      fill()
    }
    return { turn, leave }
  }
}
