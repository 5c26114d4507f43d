/**
 * Answers together what is asked within one turn of the event loop.
 * @param most questions at a time
 */
export function inBatches<Question, Answer>(
  most: number,
  answerAll: (questions: Question[]) => Promise<Answer[]>,
): (question: Question) => Promise<Answer> {
  let open: { questions: Question[]; answers: Promise<Answer[]> } | undefined

  const newBatch = () => {
    const questions: Question[] = []
    const isComplete = new Promise<void>((complete) => setImmediate(complete))
    const answers = isComplete.then(() => {
      if (open?.questions === questions) open = undefined
      return answerAll(questions)
    })
    return { questions, answers }
  }
  return async (question) => {
    if (!open || open.questions.length === most) open = newBatch()
    const { questions, answers } = open
    const place = questions.push(question) - 1
    return (await answers)[place] as Answer
  }
}
