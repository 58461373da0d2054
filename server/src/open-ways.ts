import type { Config } from './config.ts'

const LOCAL = /^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/

/** True for an address on another machine to which what is sent can be read on its way. */
function isOpen(address: string | undefined): boolean {
  if (address === undefined) return false
  const { protocol, hostname } = new URL(address)
  return protocol === 'http:' && !LOCAL.test(hostname)
}

type Addresses = Pick<Config, 'host' | 'publicUrl' | 'monitor'>

/** A sentence for each way of a configuration on which something is not encrypted. */
export function openWays({ host, publicUrl, monitor: { webhook, tracesEndpoint } }: Addresses): string[] {
  const out = Object.entries({ LECTERN_ALERT_WEBHOOK: webhook, OTEL_EXPORTER_OTLP_ENDPOINT: tracesEndpoint })
    .filter(([, address]) => isOpen(address))
    .map(([key]) => `${key} is on another machine and not https: what is sent there can be read on the way.`)
  const isBare = !LOCAL.test(host) && publicUrl?.startsWith('https:') !== true
  const inward =
    'can be read on the way; put a proxy with TLS in front and set LECTERN_PUBLIC_URL to its https address.'
  return isBare ? [...out, `LECTERN_HOST lets other machines in: what students write ${inward}`] : out
}
