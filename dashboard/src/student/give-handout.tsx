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
  /** There is a hand-out, but the cell is not in it. */
  readonly isThere: boolean
  readonly put: ReturnType<typeof useHandout>['put']
}

/** Takes the notebook as it was handed out, from whoever may change the class. */
export function GiveHandout({ info, notebook, isThere, put }: GiveHandoutProps) {
  const t = useTranslations('story')
  const [isBad, setBad] = useState(false)
  const take = async (file: File | undefined) => {
    if (!file) return
    const handout = readHandout(notebook, await file.text())
    setBad(!handout)
    if (handout) put.mutate(handout)
  }
  return (
    <div className="give-handout">
      <p className="muted">{isThere ? t('notInHandout') : t('noHandout')}</p>
      {may(info, 'class.edit') && (
        <label className="field">
          {t('giveHandout')}
          <input type="file" accept=".ipynb,application/json" onChange={({ target }) => void take(target.files?.[0])} />
        </label>
      )}
      {isBad && (
        <p className="field-error" role="alert">
          {t('badHandout')}
        </p>
      )}
      {put.isError && <ProblemNote error={put.error} />}
    </div>
  )
}
