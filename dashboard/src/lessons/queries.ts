import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type {
  Lesson,
  LessonDetails,
  LessonEdit,
  LessonList,
  LessonReportAnswer,
  LessonReportInfo,
  LessonReportList,
  NewLesson,
  NewLessonReport,
  Timetable,
  TimetableAnswer,
} from '@lectern/protocol'
import { call, classPath } from '../http/api.ts'
import { KEYS } from '../http/queries.ts'

/** A colleague, or the timetable, may begin and end lessons. */
const LESSONS_POLL_MS = 15_000
const DETAILS_POLL_MS = 5_000
const REPORT_POLL_MS = 700

const lessonsKey = (id: string) => ['lessons', id]
const reportsKey = (id: string) => ['reports', id]
const timetableKey = (id: string) => ['timetable', id]
const onePath = (id: string, lesson: string) => `${classPath(id)}/lessons/${encodeURIComponent(lesson)}`
const isMade = ({ state }: LessonReportInfo) => state !== 'waiting' && state !== 'running'

/** The newest lessons of a class. */
export function useLessons(id: string) {
  return useQuery({
    queryKey: lessonsKey(id),
    queryFn: () => call<LessonList>('GET', `${classPath(id)}/lessons`),
    refetchInterval: LESSONS_POLL_MS,
  })
}

/** Who was there in a lesson, as far as that is counted; asked for, and asked again, while `isWanted`. */
export function useLessonDetails(id: string, lesson: string, isWanted: boolean) {
  return useQuery({
    queryKey: [...lessonsKey(id), lesson],
    queryFn: () => call<LessonDetails>('GET', onePath(id, lesson)),
    enabled: isWanted,
    refetchInterval: DETAILS_POLL_MS,
  })
}

/** An edit and the lesson that it is of. */
export interface OneEdit {
  readonly lesson: string
  readonly edit: LessonEdit
}

/** Beginning, changing and removing lessons. */
export function useEditLessons(id: string) {
  const client = useQueryClient()
  const onSettled = () =>
    Promise.all([lessonsKey(id), KEYS.one(id), KEYS.classes].map((queryKey) => client.invalidateQueries({ queryKey })))
  const begin = useMutation({
    mutationFn: (body: NewLesson) => call<Lesson>('POST', `${classPath(id)}/lessons`, { body }),
    onSettled,
  })
  const edit = useMutation({
    mutationFn: (one: OneEdit) => call<Lesson>('PATCH', onePath(id, one.lesson), { body: one.edit }),
    onSettled,
  })
  const remove = useMutation({
    mutationFn: (lesson: string) => call<void>('DELETE', onePath(id, lesson), { keepalive: true }),
    onSettled,
  })
  return { begin, edit, remove }
}

export function useTimetable(id: string) {
  return useQuery({
    queryKey: timetableKey(id),
    queryFn: () => call<TimetableAnswer>('GET', `${classPath(id)}/timetable`),
  })
}

export function useSetTimetable(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Timetable) => call<TimetableAnswer>('PUT', `${classPath(id)}/timetable`, { body }),
    onSuccess: (answer) => {
      client.setQueryData(timetableKey(id), answer)
      return client.invalidateQueries({ queryKey: KEYS.one(id) })
    },
  })
}

/** Reports of a class, asked for again while one is being made. */
export function useReports(id: string) {
  return useQuery({
    queryKey: reportsKey(id),
    queryFn: () => call<LessonReportList>('GET', `${classPath(id)}/reports`),
    refetchInterval: ({ state }) => (state.data?.reports.every(isMade) === false ? REPORT_POLL_MS : false),
  })
}

/** How one report is asked for. */
export const reportQuery = (id: string, report: number) =>
  queryOptions({
    queryKey: [...reportsKey(id), report],
    queryFn: () => call<LessonReportAnswer>('GET', `${classPath(id)}/reports/${report}`),
  })

/** One report, asked for again until it is made. */
export function useReport(id: string, report: number) {
  return useQuery({
    ...reportQuery(id, report),
    refetchInterval: ({ state }) => (state.data && !isMade(state.data.info) ? REPORT_POLL_MS : false),
  })
}

/** Making and removing reports. */
export function useEditReports(id: string) {
  const client = useQueryClient()
  const onSettled = () => client.invalidateQueries({ queryKey: reportsKey(id), exact: true })
  const make = useMutation({
    mutationFn: (body: NewLessonReport) => call<LessonReportInfo>('POST', `${classPath(id)}/reports`, { body }),
    onSettled,
  })
  const remove = useMutation({
    mutationFn: (report: string) => call<void>('DELETE', `${classPath(id)}/reports/${report}`, { keepalive: true }),
    onSettled,
  })
  return { make, remove }
}
