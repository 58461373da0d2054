import { useEffect, useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { SUBPROTOCOL, type ClientMessage, type ServerMessage, type SystemPulse } from '@lectern/protocol'
import { api } from '../http/api.ts'
import { backoffMs } from '../live/connection.ts'
import { keyOf } from './queries.ts'

interface FollowOptions {
  onPulse: (pulse: SystemPulse) => void
  onEnd: () => void
}

/** Opens a socket that follows the system (SPEC SUB-8). Returns how to close it. */
async function follow({ onPulse, onEnd }: FollowOptions): Promise<() => void> {
  const { ticket } = await api.ticket()
  const url = new URL('/api/v2/live', location.href)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  const socket = new WebSocket(url.href, SUBPROTOCOL)
  const say = (message: ClientMessage) => socket.send(JSON.stringify(message))
  socket.addEventListener('open', () => {
    say({ kind: 'hello', ticket, client: { name: 'dashboard', version: '2' } })
    say({ kind: 'watch', topic: 'system' })
  })
  socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const message = JSON.parse(data) as ServerMessage
    if (message.kind === 'system') onPulse(message)
  })
  socket.addEventListener('close', onEnd)
  return () => {
    socket.removeEventListener('close', onEnd)
    socket.close(1000)
  }
}

/** The live part of the system while the component is there; undefined while nothing is heard. Changed answers are asked for again. */
export function usePulse(): SystemPulse | undefined {
  const client = useQueryClient()
  const [pulse, setPulse] = useState<SystemPulse>()
  useEffect(() => {
    let ended = false
    let attempt = 0
    let close = () => {}
    let timer: ReturnType<typeof setTimeout> | undefined
    const again = () => {
      setPulse(undefined)
      if (ended) return
      attempt += 1
      timer = setTimeout(() => void begin(), backoffMs(attempt, Math.random))
    }
    const onPulse = (heard: SystemPulse) => {
      attempt = 0
      setPulse(heard)
      for (const part of heard.changed) void client.invalidateQueries({ queryKey: keyOf(part) })
    }
    const begin = async () => {
      try {
        const end = await follow({ onPulse, onEnd: again })
        if (ended) end()
        else close = end
      } catch {
        again()
      }
    }
    void begin()
    return () => {
      ended = true
      clearTimeout(timer)
      close()
    }
  }, [client])
  return pulse
}
