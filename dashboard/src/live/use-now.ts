import { useEffect, useState } from 'react'

const SECOND_MS = 1_000

/** The server's clock in ms, told every second. `skew` is what to add to this computer's. */
export function useNow(skew: number): number {
  const [local, setLocal] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setLocal(Date.now()), SECOND_MS)
    return () => clearInterval(timer)
  }, [])
  return local + skew
}
