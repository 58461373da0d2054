import type { ServiceInfo } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { directNeeds, layersOf } from './layers.ts'

const NODE = { width: 116, height: 40, gapX: 16, gapY: 44 } as const

interface Placed {
  readonly service: ServiceInfo
  readonly x: number
  readonly y: number
}

function place(services: readonly ServiceInfo[]): { nodes: Map<string, Placed>; width: number; height: number } {
  const layers = layersOf(services)
  const widest = Math.max(1, ...layers.map(({ length }) => length))
  const width = widest * (NODE.width + NODE.gapX) - NODE.gapX
  const nodes = new Map<string, Placed>()
  for (const [row, layer] of layers.entries()) {
    const used = layer.length * (NODE.width + NODE.gapX) - NODE.gapX
    for (const [column, service] of layer.entries()) {
      const x = (width - used) / 2 + column * (NODE.width + NODE.gapX)
      nodes.set(service.name, { service, x, y: row * (NODE.height + NODE.gapY) })
    }
  }
  return { nodes, width, height: layers.length * (NODE.height + NODE.gapY) - NODE.gapY }
}

interface ServiceGraphProps {
  readonly services: readonly ServiceInfo[]
  readonly chosen: string | undefined
  readonly onChoose: (name: string) => void
}

/** The services as a picture: what needs what, and how each is. */
export function ServiceGraph({ services, chosen, onChoose }: ServiceGraphProps) {
  const t = useTranslations('system')
  const { nodes, width, height } = place(services)
  const centre = NODE.width / 2
  return (
    <div className="graph-scroll">
      <svg className="graph" viewBox={`-4 -4 ${width + 8} ${height + 8}`} width={width + 8} height={height + 8}>
        {[...nodes.values()].flatMap(({ service, x, y }) =>
          (chosen === service.name ? service.needs : directNeeds(services, service)).map((need) => {
            const to = nodes.get(need)
            if (!to) return null
            const [x1, y1, x2, y2] = [x + centre, y, to.x + centre, to.y + NODE.height]
            const bend = (y1 - y2) / 2
            const lit = chosen === service.name || chosen === need
            return (
              <path
                key={`${service.name} ${need}`}
                className={`graph-line ${lit ? 'is-lit' : ''}`}
                d={`M${x1} ${y1} C${x1} ${y1 - bend} ${x2} ${y2 + bend} ${x2} ${y2}`}
              />
            )
          }),
        )}
        {[...nodes.values()].map(({ service, x, y }) => (
          <g
            key={service.name}
            className={`graph-node node-${service.ok ? 'good' : service.state === 'failed' ? 'bad' : 'waiting'} ${chosen === service.name ? 'is-chosen' : ''}`}
            transform={`translate(${x} ${y})`}
            role="button"
            tabIndex={0}
            aria-pressed={chosen === service.name}
            aria-label={`${service.name}: ${t(`state_${service.state}`)}`}
            onClick={() => onChoose(service.name)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' && event.key !== ' ') return
              event.preventDefault()
              onChoose(service.name)
            }}
          >
            <rect width={NODE.width} height={NODE.height} rx="8" />
            <text x={centre} y="17">
              {service.name}
            </text>
            <text className="graph-state" x={centre} y="32">
              {t(`state_${service.state}`)}
            </text>
          </g>
        ))}
      </svg>
    </div>
  )
}
