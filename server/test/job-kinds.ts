import { appendFileSync } from 'node:fs'
import { exit } from 'node:process'
import type { MessagePort } from 'node:worker_threads'

// Functions of job threads that only tests run.

interface Job<Input> {
  input: Input
  port: MessagePort
}

/** Appends its number to a file, an effect of its own in the thread, and ends the whole thread in some of the attempts. */
export async function flaky({ input }: Job<{ id: number; attempt: number; file: string; killIn: number }>) {
  appendFileSync(input.file, `${input.id}\n`)
  // The same in every run: no test may depend on luck.
  if ((input.id * 7 + input.attempt * 3) % input.killIn === 0) exit(1)
  return { id: input.id }
}

/** Never ends. */
export async function endless(): Promise<never> {
  for (;;) {
    // Holds the thread.
  }
}

/** Wants all the memory there is. */
export async function greedy(): Promise<number> {
  const held: unknown[] = []
  for (;;) held.push(Array.from({ length: 100_000 }, (_, index) => ({ index })))
}

/** Says how far it is, then waits to be told. */
export async function slow({ input, port }: Job<{ ms: number }>): Promise<string> {
  port.postMessage(0.5)
  await new Promise((resolve) => setTimeout(resolve, input.ms))
  return 'slow'
}

/** Fails. */
export async function failing({ input }: Job<{ code?: string }>): Promise<never> {
  throw new Error('no luck', input.code === undefined ? {} : { cause: { code: input.code } })
}
