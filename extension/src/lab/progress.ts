import { progressOf, type Progress } from '../core/own-progress.ts'
import { createStore } from '../core/store.ts'
import { createProgressSection } from '../panel/progress-section.tsx'
import { cellRef, notebookRef } from './refs.ts'
import type { Room } from './room.ts'

/** While somebody works, not more often; and not before the server has folded what was sent. */
const QUIET_MS = 5_000
const SOON_MS = 500

/** The notebook in front: its code cells in order, as events name them. */
export interface FrontNotebook {
  readonly id: string
  readonly name: string
  readonly cells: readonly string[]
}

function frontOf({ tracker }: Room): FrontNotebook | undefined {
  const panel = tracker.currentWidget
  if (!panel?.model) return undefined
  const { id, path } = notebookRef(panel)
  const code = Array.from(panel.model.cells).filter(
    (cell) => cell.type === 'code' && cell.sharedModel.getSource().trim() !== '',
  )
  return { id, name: path.split('/').at(-1) ?? path, cells: code.map((cell) => cellRef(panel, cell).id) }
}

/** Notebooks that the student has worked on. */
export interface OwnNotebooks {
  /** Where the student has it; staff name the same notebook by an id that all copies share. */
  pathOf(id: string): string | undefined
}

/** One's own progress in the panel: asked for when the student has come in, and again when runs have reached the server. */
export function addProgress(room: Room): OwnNotebooks {
  const { client, panel, shown, texts, tracker } = room
  const progress = createStore<Progress | undefined>(undefined)
  const front = createStore<FrontNotebook | undefined>(undefined)
  let asked = ''
  let askedAt = Number.NEGATIVE_INFINITY
  let timer: ReturnType<typeof setTimeout> | undefined

  const load = async () => {
    timer = undefined
    askedAt = Date.now()
    front.set(frontOf(room))
    const answer = await client.own({ method: 'GET', path: '/me/progress' })
    if (answer.ok) progress.set(progressOf(answer.value))
  }
  const look = () => {
    const { standing, status } = shown.get()
    const { join } = status
    if (standing.kind !== 'in' || !join?.member) return
    const key = `${join.install} ${join.sent}`
    if (key === asked) return
    const isFirst = !asked.startsWith(join.install)
    asked = key
    if (isFirst) {
      progress.set(undefined)
      void load()
    } else timer ??= setTimeout(() => void load(), Math.max(SOON_MS, askedAt + QUIET_MS - Date.now()))
  }
  shown.subscribe(look)
  tracker.currentChanged.connect((_, now) => {
    front.set(frontOf(room))
    void now?.context.ready.then(() => front.set(frontOf(room)))
  })
  panel.add({
    id: 'progress',
    title: texts.progress.title,
    rank: 30,
    Body: createProgressSection(room, { progress, front }),
  })
  return { pathOf: (id) => progress.get()?.paths.get(id) }
}
