import { useState } from 'react'
import type { ClassInfo } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { may } from '../class/may.ts'
import { ProblemNote } from '../parts/problem-note.tsx'
import type { useHandout } from './queries.ts'
import { readHandout } from './read-handout.ts'

interface GiveHandoutProps {
  readonly info: ClassInfo
  readonly notebook: string
  readonly handouts: ReturnType<typeof useHandout>
  /** What stood in the cell, if the hand-out has it. */
  readonly source: string | undefined
}

/** Takes the notebook as it was handed out, another in its place, or none, from whoever may change the class. */
export function GiveHandout({ info, notebook, handouts, source }: GiveHandoutProps) {
  const t = useTranslations('story')
  const [isBad, setBad] = useState(false)
  const { handout, put, remove } = handouts
  const isThere = handout.data !== null && handout.data !== undefined
  const take = async (file: File | undefined) => {
    if (!file) return
    const read = readHandout(notebook, await file.text())
    setBad(!read)
    if (read) put.mutate(read)
  }
  if (handout.isPending) return null
  return (
    <div className="give-handout">
      {source === undefined && <p className="muted">{isThere ? t('notInHandout') : t('noHandout')}</p>}
      {may(info, 'class.edit') && (
        <div className="give-handout-ways">
          <label className="field">
            {isThere ? t('otherHandout') : t('giveHandout')}
            <input
              type="file"
              accept=".ipynb,application/json"
              onChange={({ target }) => void take(target.files?.[0])}
            />
          </label>
          {isThere && (
            <button type="button" className="button quiet" onClick={() => remove.mutate()}>
              {t('removeHandout')}
            </button>
          )}
        </div>
      )}
      {isBad && (
        <p className="field-error" role="alert">
          {t('badHandout')}
        </p>
      )}
      {[handout, put, remove].map(({ error }, index) => error && <ProblemNote key={index} error={error} />)}
    </div>
  )
}
