import type { JSX } from 'react'
import { detailRows, notices } from '../lab/tip-text.ts'
import type { Room } from '../lab/room.ts'
import { useStore } from './use-store.ts'

/** The class, the line to it, and what has become of what was captured. */
export function createClassSection({ texts, shown, app }: Room): () => JSX.Element {
  const openSettings = () => void app.commands.execute('settingeditor:open', { query: 'Lectern' })
  return function ClassSection() {
    const now = useStore(shown)
    return (
      <>
        {notices(texts, now).map((notice) => (
          <p key={notice} className="lectern-notice">
            {notice}
          </p>
        ))}
        <dl className="lectern-rows">
          {detailRows(texts, now).map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {app.commands.hasCommand('settingeditor:open') && (
          <button type="button" className="lectern-button" onClick={openSettings}>
            {texts.panel.openSettings}
          </button>
        )}
      </>
    )
  }
}
