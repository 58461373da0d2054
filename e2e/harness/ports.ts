import { createServer, type AddressInfo } from 'node:net'

/** A port of the loopback address that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
  const { port } = server.address() as AddressInfo
  await new Promise((settle) => server.close(settle))
  return port
}

/**
 * Asks again and again until `ask` gives a value that is not undefined; a rejection counts as undefined.
 * Fails with `what` and the last rejection after `timeoutMs`.
 */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  { timeoutMs = 30_000, everyMs = 100 } = {},
): Promise<T> {
  let last: unknown
  for (const until = performance.now() + timeoutMs; performance.now() < until;) {
    try {
      const value = await ask()
      if (value !== undefined) return value
      last = undefined
    } catch (error) {
      last = error
    }
    await new Promise((settle) => setTimeout(settle, everyMs))
  }
  throw new Error(`Waited ${timeoutMs} ms in vain for: ${what}`, { cause: last })
}
