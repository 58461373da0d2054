import { useState } from 'react'
import { PICTURES, type PlanInfo } from '@lectern/protocol'
import { call, classPath, fetchFile } from '../http/api.ts'

/** Changing the picture of the room. */
export interface PictureChange {
  readonly isWorking: boolean
  readonly error: unknown
  /** True while the last picture, replaced or removed, can be brought back. */
  readonly canUndo: boolean
  readonly set: (picture: Blob) => Promise<void>
  readonly remove: () => Promise<void>
  readonly undo: () => Promise<void>
}

/** What `<input type=file>` offers to choose. */
export const ACCEPTED = PICTURES.types.join(',')

/** Where the picture is to be had; another address for each picture, so that a browser shows the new one. */
export const pictureAddress = (classId: string, { changedAt }: Pick<PlanInfo, 'changedAt'>): string =>
  `/api/v2${classPath(classId)}/plan?changed=${changedAt}`

/** Sets, removes and brings back the picture of a class's room. `onChange` is told after each. */
export function usePicture(classId: string, hasPicture: boolean, onChange: () => Promise<void>): PictureChange {
  const [isWorking, setWorking] = useState(false)
  const [error, setError] = useState<unknown>()
  const [old, setOld] = useState<{ readonly picture: Blob | undefined }>()
  const path = `${classPath(classId)}/plan`

  async function change(act: () => Promise<unknown>, keep: boolean): Promise<void> {
    setWorking(true)
    try {
      const before = keep ? { picture: hasPicture ? await fetchFile(path) : undefined } : undefined
      await act()
      setError(undefined)
      setOld(before)
      await onChange()
    } catch (problem) {
      setError(problem)
    } finally {
      setWorking(false)
    }
  }
  const put = (picture: Blob) => call<unknown>('PUT', path, { file: picture })
  const remove = () => call<void>('DELETE', path)
  return {
    isWorking,
    error,
    canUndo: old !== undefined,
    set: (picture) => change(() => put(picture), true),
    remove: () => change(remove, true),
    undo: () => change(() => (old?.picture ? put(old.picture) : remove()), false),
  }
}
