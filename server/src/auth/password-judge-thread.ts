import { parentPort, workerData } from 'node:worker_threads'
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'

/** What the thread is asked: a password, and words that whoever guesses would try first. */
export interface JudgeRequest {
  readonly password: string
  readonly words: readonly string[]
}

const { password, words } = workerData as JudgeRequest
const judge = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs })
parentPort?.postMessage(judge.check(password, [...words]).guessesLog10)
