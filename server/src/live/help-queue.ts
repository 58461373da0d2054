import type { ClassState } from '@lectern/protocol'
import type { HelpNotice } from './live.ts'

type Help = ClassState['help']

/** What is told to the student of the request, `place` left out. */
function noticeOf(help: Help, student: string): HelpNotice {
  const request = Object.hasOwn(help, student) ? help[student] : undefined
  if (!request) return { student, open: false }
  const { since, claimed } = request
  return claimed ? { student, open: true, since, coming: claimed.by } : { student, open: true, since }
}

/** Students to whom nobody goes yet, who waits longest first. */
function waiting(help: Help): string[] {
  const all = Object.entries(help).filter(([, { claimed }]) => !claimed)
  return all.toSorted(([a, one], [b, other]) => one.since - other.since || (a < b ? -1 : 1)).map(([student]) => student)
}

const sameNotice = (a: HelpNotice, b: HelpNotice | undefined): boolean =>
  a.since === b?.since && a.place === b?.place && a.coming === b?.coming

/** Everybody with an open request, with the place in the queue (SPEC TLK-7). */
export function helpNotices(help: Help): HelpNotice[] {
  const places = new Map(waiting(help).map((student, index) => [student, index + 1]))
  return Object.keys(help).map((student) => {
    const place = places.get(student)
    return { ...noticeOf(help, student), ...(place === undefined ? {} : { place }) }
  })
}

/** The same of one student. */
export function helpNotice(help: Help, student: string): HelpNotice {
  const notice = noticeOf(help, student)
  if (!notice.open || notice.coming !== undefined) return notice
  return { ...notice, place: waiting(help).indexOf(student) + 1 }
}

/** Remembers what was told, so that only what changed is told again. */
export function createHelpTelling(help: Help) {
  const noted = () => new Map(helpNotices(help).map((notice) => [notice.student, notice]))
  let told = noted()
  return {
    /** What there is to tell after the requests of these students may have changed; who has none is told that. */
    changed(students: ReadonlySet<string>): HelpNotice[] {
      if (students.size === 0) return []
      const before = told
      told = noted()
      const closed = [...students].filter((student) => !told.has(student)).map((student) => noticeOf(help, student))
      return [...closed, ...[...told.values()].filter((notice) => !sameNotice(notice, before.get(notice.student)))]
    },
  }
}
