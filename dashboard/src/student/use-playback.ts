import { useEffect, useRef, useState } from 'react'
import { SPEEDS, type Speed } from '../replay/replay-source.ts'
import type { StoredEvent } from '@lectern/protocol'
import type { Story } from './story.ts'

const TICK_MS = 200

/** Where one is in what a student did, and how it moves. */
export interface Playback {
  readonly time: number
  readonly isPlaying: boolean
  readonly speed: Speed
  /** The event that was picked, as long as nothing moved since: others may have happened in the same millisecond. */
  readonly picked: number | undefined
  readonly seek: (time: number) => void
  readonly pick: (event: StoredEvent) => void
  readonly play: () => void
  readonly pause: () => void
  readonly setSpeed: (speed: Speed) => void
}

/** Plays a story; it begins at its end, which is what is known now, or at `first`. */
export function usePlayback({ from, to }: Pick<Story, 'from' | 'to'>, first: number | undefined): Playback {
  const [{ chosen, picked }, set] = useState<{ chosen: number | undefined; picked?: number }>({ chosen: first })
  const setChosen = (time: number) => set({ chosen: time })
  const [isPlaying, setPlaying] = useState(false)
  const [speed, setSpeed] = useState<Speed>(SPEEDS[3])
  const time = Math.min(Math.max(chosen ?? to, from), to)
  const at = useRef(time)
  at.current = time
  useEffect(() => {
    if (!isPlaying) return
    let ticked = performance.now()
    const timer = setInterval(() => {
      const now = performance.now()
      const next = at.current + (now - ticked) * speed
      ticked = now
      setChosen(next)
      if (next >= to) setPlaying(false)
    }, TICK_MS)
    return () => clearInterval(timer)
  }, [isPlaying, speed, to])
  return {
    time,
    isPlaying,
    speed,
    picked,
    seek: setChosen,
    pick: ({ time: at, offset }) => set({ chosen: at, picked: offset }),
    setSpeed,
    pause: () => setPlaying(false),
    play: () => {
      if (time >= to) setChosen(from)
      setPlaying(true)
    },
  }
}
