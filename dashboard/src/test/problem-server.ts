import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ERRORS, type ErrorCode } from '@lectern/protocol'

/** A server that answers everything with one error, as SPEC ERR-1 says. */
export async function startProblemServer(code: ErrorCode) {
  const { status, title, action } = ERRORS[code]
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(status, { 'content-type': 'application/problem+json' })
    response.end(JSON.stringify({ type: `urn:lectern:error:${code}`, title, status, code, detail: '', action }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((settle) => server.close(settle))
    },
  }
}
