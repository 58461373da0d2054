import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type {
  ClassStaff,
  ClassStaffList,
  ClassStaffRole,
  ClassSummary,
  EnlistedStudents,
  ErasureReport,
  NewStudents,
  RosterEntry,
  StudentEdit,
} from '@lectern/protocol'
import { call, classPath } from '../http/api.ts'
import { KEYS } from '../http/queries.ts'

const SUMMARY_POLL_MS = 5_000

const staffPath = (id: string, user: string) => `${classPath(id)}/staff/${encodeURIComponent(user)}`

/** Somebody of the staff, by id or whole address, and the role to give. */
export interface RoleToGive {
  readonly user: string
  readonly role: ClassStaffRole
}

/** Who of the staff has which role; asked for unless `isWanted` is false. */
export function useStaff(id: string, isWanted = true) {
  return useQuery({
    enabled: isWanted,
    queryKey: KEYS.staff(id),
    queryFn: () => call<ClassStaffList>('GET', `${classPath(id)}/staff`),
  })
}

/** Giving roles and taking them away. One's own role may be among them: the class is asked for again. */
export function useEditStaff(id: string) {
  const client = useQueryClient()
  const onSuccess = () =>
    Promise.all([KEYS.staff(id), KEYS.one(id)].map((queryKey) => client.invalidateQueries({ queryKey })))
  const give = useMutation({
    mutationFn: ({ user, role }: RoleToGive) => call<ClassStaff>('PUT', staffPath(id, user), { body: { role } }),
    onSuccess,
  })
  const take = useMutation({ mutationFn: (user: string) => call<void>('DELETE', staffPath(id, user)), onSuccess })
  return { give, take }
}

/** Adding students to the roster. */
export function useEnlist(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: NewStudents) => call<EnlistedStudents>('POST', `${classPath(id)}/students`, { body }),
    onSuccess: () =>
      Promise.all([KEYS.roster(id), KEYS.codes(id)].map((queryKey) => client.invalidateQueries({ queryKey }))),
  })
}

/** As many as one request takes. */
const MOST_AT_ONCE = 500

/** Adding students from a file, and changing those who are there; in as many requests as it takes. */
export function useImportRoster(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ students, codes = false }: NewStudents) => {
      const sum = { added: 0, changed: 0 }
      for (let from = 0; from < students.length; from += MOST_AT_ONCE) {
        const body: NewStudents = { students: students.slice(from, from + MOST_AT_ONCE), codes, update: true }
        const answer = await call<EnlistedStudents>('POST', `${classPath(id)}/students`, { body })
        sum.added += answer.students.filter(({ known }) => !known).length
        sum.changed += answer.students.filter(({ changed }) => changed).length
      }
      return sum
    },
    // What was done before a request failed is there.
    onSettled: () =>
      Promise.all([KEYS.roster(id), KEYS.codes(id)].map((queryKey) => client.invalidateQueries({ queryKey }))),
  })
}

/** A change of one of the roster. */
export interface OneStudentEdit {
  readonly student: string
  readonly edit: StudentEdit
}

export function useEditStudent(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ student, edit }: OneStudentEdit) =>
      call<RosterEntry>('PATCH', `${classPath(id)}/students/${encodeURIComponent(student)}`, { body: edit }),
    onSuccess: () => client.invalidateQueries({ queryKey: KEYS.roster(id) }),
  })
}

/** Erasing a student, for good. */
export function useEraseStudent(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (student: string) =>
      call<ErasureReport>('DELETE', `${classPath(id)}/students/${encodeURIComponent(student)}`),
    onSettled: () => client.invalidateQueries({ queryKey: KEYS.roster(id) }),
  })
}

/** How the class as a whole is doing, asked again every few seconds. */
export function useSummary(id: string, { everyMs = SUMMARY_POLL_MS }: { readonly everyMs?: number } = {}) {
  return useQuery({
    queryKey: KEYS.summary(id),
    queryFn: () => call<ClassSummary>('GET', `${classPath(id)}/summary`),
    refetchInterval: everyMs,
  })
}
