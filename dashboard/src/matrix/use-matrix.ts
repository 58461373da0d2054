import { useEffect, useSyncExternalStore } from 'react'
import type { StateSource } from '../live/state-source.ts'
import type { Matrix } from './matrix.ts'

const nothing = () => undefined
const never = () => nothing

/** The matrix of a notebook, followed for as long as the component is there; undefined until it has come. */
export function useMatrix({ matrix }: StateSource, notebook: string | undefined): Matrix | undefined {
  useEffect(() => (notebook === undefined ? undefined : matrix?.follow(notebook)), [matrix, notebook])
  const held = useSyncExternalStore(matrix?.subscribe ?? never, matrix?.read ?? nothing)
  return held?.notebook === notebook ? held : undefined
}
