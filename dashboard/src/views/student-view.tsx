import { useMemo, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import type { ClassInfo } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { hrefOfClass } from '../app/route.ts'
import { notebookName } from '../class/progress.ts'
import { Panel } from '../class/panel.tsx'
import { cellNumber, useReason } from '../class/use-reason.ts'
import { call, classPath } from '../http/api.ts'
import { KEYS } from '../http/queries.ts'
import { Icon, KindBadge } from '../parts/icons.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { Select } from '../parts/select.tsx'
import { WorkingButton } from '../parts/working-button.tsx'
import { usePlace } from '../shell/place.ts'
import { useSeen } from '../shell/seen.tsx'
import type { ViewProps } from '../shell/views.ts'
import { EventList } from '../student/event-list.tsx'
import { NotesPanel } from '../student/notes-panel.tsx'
import { Picture } from '../student/picture.tsx'
import { Player } from '../student/player.tsx'
import { isFull, useStudentEvents } from '../student/queries.ts'
import { RunView } from '../student/run-view.tsx'
import { cellKey, FILTERS, indexAt, narrowed, storyOf, type Story } from '../student/story.ts'
import { usePlayback } from '../student/use-playback.ts'
import { WriteButton } from '../talk/write-button.tsx'

/** Names of the staff by id. */
function useStaffNames(classId: string): ReadonlyMap<string, string> {
  const { data } = useQuery({
    queryKey: [...KEYS.staff(classId), 'names'],
    queryFn: () => call<{ staff: { id: string; name: string }[] }>('GET', `${classPath(classId)}/staff`),
    retry: false,
  })
  return useMemo(() => new Map(data?.staff.map(({ id, name }) => [id, name])), [data])
}

function Head({ student }: { readonly student: string }) {
  const t = useTranslations('story')
  const kinds = useTranslations('kind')
  const reason = useReason()
  const { overview, names, now } = useSeen()
  const row = overview.byId.get(student)
  return (
    <header className="story-head card">
      {row && <KindBadge kind={row.phase.kind} />}
      <div>
        <h2>{row?.name ?? names.get(student) ?? student}</h2>
        {row && (
          <p className="muted">
            {kinds(row.phase.kind)} · {reason(row.phase, now)}
          </p>
        )}
      </div>
      {row && <WriteButton row={row} />}
      <p className="muted small story-audited">
        <Icon name="person" />
        {t('audited')}
      </p>
    </header>
  )
}

interface ToldProps {
  readonly info: ClassInfo
  readonly story: Story
  readonly staff: ReadonlyMap<string, string>
}

function Told({ info, story, staff }: ToldProps) {
  const t = useTranslations('story')
  const { query } = usePlace(info.id)
  const asked = cellKey(query['notebook'] ?? '', query['cell'] ?? '')
  const named = story.cells.find(({ key }) => key === asked)
  const [filter, setFilter] = useState<string>(named?.key ?? 'all')
  const playback = usePlayback(story, named?.event.time)
  const { time, picked, seek, pick } = playback
  const events = useMemo(() => narrowed(story, filter), [story, filter])
  const current = indexAt(events, time, picked)
  const last = events.slice(0, current + 1).findLast(({ offset }) => story.runs.has(offset))
  const run = last && story.runs.get(last.offset)
  const cells = story.cells.map(({ key, cell, notebook }) => ({
    id: key,
    text: t('cellOf', { cell: cellNumber(cell.index), notebook: notebookName(notebook) }),
  }))
  return (
    <>
      <Panel id="story" title={t('title')}>
        <Picture story={story} time={time} onTime={seek} />
        <Player story={story} playback={playback} />
      </Panel>
      <div className="story-parts">
        <Panel
          id="events"
          title={t('list')}
          tools={
            <Select
              label={t('filter')}
              isLabelHidden
              value={filter}
              options={[...FILTERS.map((id) => ({ id, text: t(`filters.${id}`) })), ...cells]}
              onChange={setFilter}
            />
          }
        >
          <EventList key={filter} events={events} current={current} onPick={pick} staff={staff} />
        </Panel>
        <section className="panel card story-run" aria-live={playback.isPlaying ? 'off' : 'polite'}>
          {run ? <RunView info={info} run={run} /> : <p className="empty">{t('noRun')}</p>}
        </section>
      </div>
    </>
  )
}

function Shared({ info, student }: { readonly info: ClassInfo; readonly student: string }) {
  const t = useTranslations('story')
  const staff = useStaffNames(info.id)
  const { data, error, isPending, refetch, fetchNextPage, isFetchingNextPage } = useStudentEvents(
    info.id,
    student,
    true,
  )
  const { overview } = useSeen()
  const story = useMemo(() => storyOf(data?.pages.flatMap(({ events }) => events) ?? []), [data])
  const hasMore = isFull(data?.pages.at(-1))
  const isBehind = (overview.byId.get(student)?.student.lastAt ?? 0) > story.to
  if (error) return <ProblemNote error={error} onRetry={() => void refetch()} />
  if (isPending) return <p role="status">{t('loading')}</p>
  return (
    <>
      {(hasMore || isBehind) && (
        <p className="story-more">
          <WorkingButton isWorking={isFetchingNextPage} className="button" onPress={() => void fetchNextPage()}>
            {hasMore ? t('more') : t('newer')}
          </WorkingButton>
        </p>
      )}
      {story.events.length === 0 ? <p className="empty card">{t('empty')}</p> : <Told {...{ info, story, staff }} />}
      <NotesPanel classId={info.id} student={student} staff={staff} />
    </>
  )
}

/** Everything that one student did: as a picture, in words, and each run as it was. */
export function StudentView({ info, part: student = '' }: ViewProps) {
  const t = useTranslations('story')
  const { state } = useSeen()
  const known = state.students[student]
  if (!known) {
    return (
      <div className="empty card">
        <p>{t('gone')}</p>
        <a className="button" href={hrefOfClass({ id: info.id })}>
          {t('filters.all')}
        </a>
      </div>
    )
  }
  return (
    <div className="story">
      <Head student={student} />
      {known.sharing === false ? (
        <p className="empty card">{t('notSharing')}</p>
      ) : (
        <Shared key={student} info={info} student={student} />
      )}
    </div>
  )
}
