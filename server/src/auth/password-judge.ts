import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { CodedError } from '../errors.ts'
import type { JudgeRequest } from './password-judge-thread.ts'

/** Shortest password that may be chosen. */
const PASSWORD_CHARS = 12
/** Guesses that a password must withstand, as a power of ten: without the hash, at the pace that sign-in allows. */
const GUESSES_LOG10 = 9
/** More of a password than this says nothing about whether it is a common one. */
const JUDGED_CHARS = 100
/** Every guesser knows what it opens. */
const OWN_WORDS = ['lectern', 'jupyter', 'jupyterlab', 'jupyterhub', 'notebook', 'classroom']

/** Names and addresses in the parts in which people use them. */
const partsOf = (texts: readonly string[]) =>
  texts.flatMap((text) => [text, ...text.split(/[\s@._-]+/)]).filter((part) => part.length > 2)

/** Powers of ten of guesses: the dictionaries take 30 MB, so they live in a thread that ends with the answer. */
async function guessesOf(request: JudgeRequest): Promise<number> {
  const worker = new Worker(new URL('password-judge-thread.ts', import.meta.url), { workerData: request })
  try {
    const [guesses] = (await once(worker, 'message')) as [number]
    return guesses
  } finally {
    await worker.terminate()
  }
}

/**
 * Throws `weak_password` for what is shorter than 12 characters, or easily guessed: common passwords as leaked ones show
 * them, rows of keys, and what is made of `words`, such as the user's name and address. Nothing is asked of a network.
 */
export async function judgePassword(password: string, words: readonly string[]): Promise<void> {
  const chars = Array.from(password)
  if (chars.length < PASSWORD_CHARS) {
    throw new CodedError('weak_password', `It has ${chars.length} characters; ${PASSWORD_CHARS} are needed.`)
  }
  const judged = chars.slice(0, JUDGED_CHARS).join('')
  if ((await guessesOf({ password: judged, words: partsOf([...OWN_WORDS, ...words]) })) >= GUESSES_LOG10) return
  throw new CodedError('weak_password', 'It is a common password, or made of names and rows that are guessed first.')
}
