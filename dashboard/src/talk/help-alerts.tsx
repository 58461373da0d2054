import { useEffect, useRef, useState } from 'react'
import type { ClassInfo } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { goTo, hrefOfClass } from '../app/route.ts'
import { nameOf } from '../class/overview.ts'
import { useMaybeSeen, type Seen } from '../shell/seen.tsx'
import { useAlertPreferences } from './alert-preferences.ts'
import { chime } from './chime.ts'

interface OnScreen {
  readonly title: string
  readonly body: string
}

/** On the screen, while the page is not in front: a press leads to the queue. */
function notify(classId: string, { title, body }: OnScreen): void {
  if (typeof Notification === 'undefined' || Notification.permission !== 'granted' || document.hasFocus()) return
  const shown = new Notification(title, { body, tag: `lectern-help-${classId}` })
  shown.addEventListener('click', () => {
    window.focus()
    goTo(hrefOfClass({ id: classId, view: 'help' }))
    shown.close()
  })
}

function Alerts({ info, seen }: { readonly info: ClassInfo; readonly seen: Seen }) {
  const t = useTranslations('queue')
  const { sound, desktop } = useAlertPreferences()
  const [said, setSaid] = useState('')
  const known = useRef<ReadonlySet<string>>(undefined)
  const { isLive, names, state } = seen
  const { help } = state
  useEffect(() => {
    const before = known.current
    if (!isLive) return
    known.current = new Set(Object.values(help).map(({ event }) => event))
    // Those who had asked when the page was opened are not new.
    if (!before) return
    const fresh = Object.entries(help).filter(([, { event, claimed }]) => !claimed && !before.has(event))
    const [first] = fresh
    if (!first) return
    const [student, { message }] = first
    const title = t('asks', { name: nameOf(names, student), n: fresh.length - 1 })
    setSaid(title)
    if (sound) chime()
    if (desktop) notify(info.id, { title, body: message ?? info.name })
  }, [help, isLive, names, sound, desktop, info, t])
  return (
    <p className="off-screen" role="status">
      {said}
    </p>
  )
}

/** Says to screen readers, by sound and on the screen that somebody asks for help, in whatever view one is. */
export function HelpAlerts({ info }: { readonly info: ClassInfo }) {
  const seen = useMaybeSeen()
  return seen ? <Alerts info={info} seen={seen} /> : null
}
