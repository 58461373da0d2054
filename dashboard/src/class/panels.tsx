import { useMemo, useState, type ReactNode } from 'react'
import type { AttentionKind, ClassState } from '@lectern/protocol'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { useMedia } from '../app/use-media.ts'
import { useShortcuts } from '../app/shortcuts.ts'
import { ActivityPanel } from './activity-panel.tsx'
import { ErrorsPanel } from './errors-panel.tsx'
import { Glance } from './glance.tsx'
import { HelpPanel } from './help-panel.tsx'
import type { Names, Overview } from './overview.ts'
import { ProgressPanel } from './progress-panel.tsx'
import { StudentsPanel } from './students-panel.tsx'
import { useResolves } from './use-resolves.ts'

const MINUTE_MS = 60_000
const TABS = ['students', 'help', 'errors', 'progress'] as const
type TabName = (typeof TABS)[number]

interface PanelsProps {
  readonly classId: string
  readonly state: ClassState
  readonly overview: Overview
  readonly names: Names
  /** The server's clock, ms. */
  readonly now: number
  readonly onJoin: () => void
  readonly onKeys: () => void
}

function focusOn(id: string): void {
  // A panel behind a tab is there one frame later.
  requestAnimationFrame(() => document.getElementById(id)?.focus())
}

/** On a phone one panel at a time, else all of them. */
function Arrangement({
  panels,
  numbers,
  tab,
  onTab,
}: {
  readonly panels: Readonly<Record<TabName, ReactNode>>
  /** A number beside the title of a tab. */
  readonly numbers: Readonly<Partial<Record<TabName, number>>>
  readonly tab: TabName
  readonly onTab: (tab: TabName) => void
}) {
  const titles = {
    students: useTranslations('students')('title'),
    help: useTranslations('help')('title'),
    errors: useTranslations('errors')('title'),
    progress: useTranslations('progress')('title'),
  }
  const isNarrow = useMedia('(max-width: 47.5em)')
  if (!isNarrow) {
    return (
      <div className="panels">
        {panels.students}
        <div className="panels-needs">
          {panels.help}
          {panels.errors}
        </div>
        <div className="panels-pictures">{panels.progress}</div>
      </div>
    )
  }
  return (
    <Tabs className="tabs" selectedKey={tab} onSelectionChange={(key) => onTab(key as TabName)}>
      <TabList className="tab-list" aria-label={titles[tab]}>
        {TABS.map((name) => (
          <Tab key={name} id={name} className="tab">
            {titles[name]}
            {numbers[name] !== undefined && numbers[name] > 0 && <span className="tab-number">{numbers[name]}</span>}
          </Tab>
        ))}
      </TabList>
      {TABS.map((name) => (
        <TabPanel key={name} id={name} className="tab-panel">
          {panels[name]}
        </TabPanel>
      ))}
    </Tabs>
  )
}

/** Everything that a class in session shows. */
export function Panels({ classId, state, overview, names, now, onJoin, onKeys }: PanelsProps) {
  const [only, setOnly] = useState<AttentionKind>()
  const [tab, setTab] = useState<TabName>('students')
  const resolves = useResolves(classId)
  const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS
  const shortcuts = useMemo(() => {
    const to =
      (name: TabName, id: string = name) =>
      () => {
        setTab(name)
        focusOn(id)
      }
    return {
      '?': onKeys,
      '/': to('students', 'student-search'),
      s: to('students'),
      h: to('help'),
      e: to('errors'),
      p: to('progress'),
      c: onJoin,
    }
  }, [onJoin, onKeys])
  useShortcuts(shortcuts)

  return (
    <>
      <Glance
        counts={overview.counts}
        errors={state.errors}
        only={only}
        onOnly={(kind) => {
          setOnly(kind)
          if (kind) setTab('students')
        }}
      />
      <Arrangement
        tab={tab}
        onTab={setTab}
        numbers={{ help: Object.keys(state.help).length }}
        panels={{
          students: <StudentsPanel classId={classId} rows={overview.rows} now={now} only={only} onOnly={setOnly} />,
          help: (
            <HelpPanel
              classId={classId}
              help={state.help}
              errors={state.errors}
              names={names}
              now={now}
              resolves={resolves}
            />
          ),
          errors: <ErrorsPanel classId={classId} errors={state.errors} names={names} minute={minute} />,
          progress: (
            <>
              <ProgressPanel cells={state.cells} />
              <ActivityPanel activity={state.activity} minute={minute} />
            </>
          ),
        }}
      />
    </>
  )
}
