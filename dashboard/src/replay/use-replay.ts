import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useSources } from '../shell/seen.tsx'
import { loadReplay, type ReplayAsked } from './load-replay.ts'
import { createReplaySource, type Playing, type ReplayControls } from './replay-source.ts'

const nothing = () => undefined
const never = () => nothing

/** What the views are shown of a replay, if they are. */
export function usePlaying(): { controls: ReplayControls | undefined; playing: Playing | undefined } {
  const { controls } = useSources().shown
  const playing = useSyncExternalStore(controls?.subscribe ?? never, controls?.read ?? nothing)
  return { controls, playing }
}

/** Where the loading of a replay is: `wait` before its first state, with how far the server is (0 to 1). */
export type Loading =
  | { readonly is: 'idle' }
  | { readonly is: 'wait'; readonly progress: number }
  | { readonly is: 'failed'; readonly error: unknown }

/** Loads a replay, and lets it drive every view as soon as it has a state. It is loaded on wherever one goes in the class. */
export function useLoadReplay(classId: string): { loading: Loading; load: (asked: ReplayAsked) => void } {
  const { show } = useSources()
  const [loading, setLoading] = useState<Loading>({ is: 'idle' })
  const waiting = useRef<AbortController>(undefined)
  useEffect(() => () => waiting.current?.abort(), [])

  const load = (asked: ReplayAsked) => {
    waiting.current?.abort()
    const abort = new AbortController()
    waiting.current = abort
    const source = createReplaySource({ clock: () => performance.now(), onEnd: () => abort.abort() })
    setLoading({ is: 'wait', progress: 0 })
    const onLines = (lines: readonly string[]) => {
      source.add(lines)
      const { progress = 0 } = source.controls.read() ?? {}
      if (waiting.current !== abort) return
      if (!source.read()) return setLoading({ is: 'wait', progress })
      // From here on the source is loaded for as long as it is shown.
      waiting.current = undefined
      setLoading({ is: 'idle' })
      show(source)
    }
    loadReplay(classId, asked, { onLines, signal: abort.signal }).then(
      () => source.loaded(),
      (error: unknown) => {
        if (abort.signal.aborted) return
        source.loaded()
        setLoading({ is: 'failed', error })
      },
    )
  }
  return { loading, load }
}
