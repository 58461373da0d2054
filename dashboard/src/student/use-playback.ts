import { useEffect, useRef, useState } from 'react'
import { SPEEDS, type Speed } from '../replay/replay-source.ts'
import type { Story } from './story.ts'

const TICK_MS = 200

/** Where one is in what a student did, and how it moves. */
export interface Playback {
  readonly time: number
  readonly isPlaying: boolean
  readonly speed: Speed
  readonly seek: (time: number) => void
  readonly play: () => void
  readonly pause: () => void
  readonly setSpeed: (speed: Speed) => void
}

/** Plays a story; it begins at its end, which is what is known now, or at `first`. */
export function usePlayback({ from, to }: Pick<Story, 'from' | 'to'>, first: number | undefined): Playback {
  const [chosen, setChosen] = useState(first)
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
    seek: setChosen,
    setSpeed,
    pause: () => setPlaying(false),
    play: () => {
      if (time >= to) setChosen(from)
      setPlaying(true)
    },
  }
}
