import type { JSX } from 'react'
import type { Band, CellState, Progress } from '../core/own-progress.ts'
import type { Store } from '../core/store.ts'
import type { FrontNotebook } from '../lab/progress.ts'
import type { Room } from '../lab/room.ts'
import type { Texts } from '../texts/texts.ts'
import { useStore } from './use-store.ts'

const STATES: readonly CellState[] = ['done', 'failing', 'tried', 'open']
/** Never colour alone. */
const SIGNS: Readonly<Record<CellState, string>> = { done: '✓', failing: '!', tried: '–', open: '' }

function Dot({ state, tip }: { readonly state: CellState; readonly tip?: string }): JSX.Element {
  return (
    <span className={`lectern-dot lectern-dot-${state}`} title={tip} aria-hidden="true">
      {SIGNS[state]}
    </span>
  )
}

interface NotebookProps {
  readonly texts: Texts
  readonly front: FrontNotebook
  readonly states: ReadonlyMap<string, CellState> | undefined
}

/** The notebook in front as a row of its cells. */
function NotebookPicture({ texts: { progress }, front, states }: NotebookProps): JSX.Element {
  const cells = front.cells.map((id) => states?.get(id) ?? 'open')
  const summary = progress.summary(cells.filter((state) => state === 'done').length, cells.length)
  return (
    <div className="lectern-part">
      <h3>{front.name}</h3>
      <p>{summary}</p>
      <div className="lectern-dots" role="img" aria-label={summary}>
        {cells.map((state, index) => (
          <Dot key={front.cells[index]} state={state} tip={progress.cell(index + 1, progress.state[state])} />
        ))}
      </div>
      <ul className="lectern-legend" aria-label={progress.legend}>
        {STATES.map((state) => (
          <li key={state}>
            <Dot state={state} />
            {progress.state[state]}
          </li>
        ))}
      </ul>
    </div>
  )
}

const percent = (part: number, whole: number): string => `${(100 * part) / whole}%`

/** Where the class is, and oneself in it. */
function ClassBand({ texts: { progress }, band, mine }: { texts: Texts; band: Band; mine: number }): JSX.Element {
  const { low, middle, high } = band.done
  const end = Math.max(high, mine, 1)
  const said = `${progress.band(low, high, band.students)} ${progress.me(mine)}`
  return (
    <div className="lectern-part">
      <h3>{progress.class}</h3>
      <div className="lectern-band" role="img" aria-label={said}>
        <span
          className="lectern-band-middle"
          style={{ insetInlineStart: percent(low, end), inlineSize: percent(high - low, end) }}
        />
        <span className="lectern-band-median" style={{ insetInlineStart: percent(middle, end) }} />
        <span className="lectern-band-me" style={{ insetInlineStart: percent(mine, end) }} />
      </div>
      <p className="lectern-hint">{said}</p>
    </div>
  )
}

interface Stores {
  readonly progress: Store<Progress | undefined>
  readonly front: Store<FrontNotebook | undefined>
}

/** How far one is in the notebook in front; and, where the class allows it, where the class is, without names. */
export function createProgressSection({ texts, shown }: Room, stores: Stores): () => JSX.Element {
  return function ProgressSection() {
    const { standing } = useStore(shown)
    const progress = useStore(stores.progress)
    const front = useStore(stores.front)
    if (standing.kind !== 'in') return <p>{texts.own.notJoined}</p>
    const hasCells = front !== undefined && front.cells.length > 0
    return (
      <>
        {hasCells && <NotebookPicture texts={texts} front={front} states={progress?.cells.get(front.id)} />}
        {!hasCells && <p className="lectern-hint">{texts.progress.none}</p>}
        {progress?.band && <ClassBand texts={texts} band={progress.band} mine={progress.done} />}
      </>
    )
  }
}
