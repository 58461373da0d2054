import { useMemo } from 'react'
import { ActivityPanel } from '../class/activity-panel.tsx'
import { ProgressPanel } from '../class/progress-panel.tsx'
import { notebookName, progressOf } from '../class/progress.ts'
import { MatrixPanel } from '../matrix/matrix-panel.tsx'
import { useNarrow, usePlace } from '../shell/place.ts'
import { useSeen } from '../shell/seen.tsx'
import type { ViewProps } from '../shell/views.ts'
import { wholeMinute } from './whole-minute.ts'

/** How far the class is with each cell, each student of it, and how busy it was. */
export function ProgressView({ info }: ViewProps) {
  const { state, now } = useSeen()
  const { query } = usePlace(info.id)
  const narrow = useNarrow(info.id)
  const books = useMemo(() => progressOf(state.cells), [state.cells])
  const progress = books.find(({ notebook }) => notebook.id === query['notebook']) ?? books[0]
  const notebooks = books.map(({ notebook }) => ({ id: notebook.id, text: notebookName(notebook) }))
  return (
    <div className="pictures">
      <MatrixPanel
        info={info}
        notebooks={notebooks}
        notebook={progress?.notebook.id}
        onNotebook={(notebook) => narrow({ notebook })}
      />
      <ProgressPanel progress={progress} />
      <ActivityPanel activity={state.activity} minute={wholeMinute(now)} />
    </div>
  )
}
