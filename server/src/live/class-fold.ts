import type { ClassState, Patch, StoredEvent, StudentState } from '@lectern/protocol'
import { foldActivity } from './activity.ts'
import { attentionPhases } from './attention.ts'
import { decodeFold, encodeFold } from './checkpoint.ts'
import { copy, diff } from './diff.ts'
import { emptyFold, newMemory, type Collection, type FoldState, type StudentMemory } from './fold-state.ts'
import { foldHelp } from './help.ts'
import { helpFigures } from './help-figures.ts'
import { createHelpTelling, helpNotice, helpNotices } from './help-queue.ts'
import type { Changes, ClassFold, KeptMessage, MessageNews, MessageNotice, Notices } from './live.ts'
import { matrixOf } from './matrix.ts'
import { foldMessages } from './messages.ts'
import { ownProgress } from './own-progress.ts'
import { foldPresence } from './presence.ts'
import { foldProgress } from './progress.ts'
import { foldRecent } from './recent.ts'
import { createRecentChanges } from './recent-changes.ts'
import { foldSharing } from './sharing.ts'
import { RULE_SETS, rulesIn, rulesOf, type Rules, type RuleSetName } from './rules.ts'

/** Changes when equal logs may give other states than before: older checkpoints are not used then. */
export const FOLD_VERSION = '8'

const COLLECTIONS: readonly Collection[] = ['students', 'help', 'errors', 'cells', 'activity', 'messages']

type Entries = Record<string, Record<string, unknown>>
type Dirty = Record<Collection, Set<string>>

function nothingDirty(): Dirty {
  return {
    students: new Set(),
    help: new Set(),
    errors: new Set(),
    cells: new Set(),
    activity: new Set(),
    messages: new Set(),
  }
}

/** What changed since the last flush, and what students are to be told. */
interface Unflushed {
  dirty: Dirty
  news: Map<string, MessageNotice>
  tell: (student: string, news: MessageNews) => void
}

function nothingUnflushed(): Unflushed {
  const news = new Map<string, MessageNotice>()
  const tell = (student: string, one: MessageNews): void => {
    const key = JSON.stringify('sent' in one ? ['sent', one.sent.id] : ['withdrawn', one.withdrawn])
    const notice = news.get(key)
    if (notice) notice.students.push(student)
    else news.set(key, { news: one, students: [student] })
  }
  return { dirty: nothingDirty(), news, tell }
}

function newStudent({ time }: StoredEvent): StudentState {
  return { firstAt: time, lastAt: time, online: true, executions: 0, failures: 0, attention: [] }
}

/** Another set of rules looks at every student anew (SPEC STA-9). */
function foldRules(
  state: FoldState,
  { experiment, ...data }: { rules: string; experiment?: string } & Partial<Rules>,
  dirty: Dirty,
): void {
  if (experiment === undefined) delete state.experiment
  else state.experiment = experiment
  const rules = rulesIn(data)
  if (!rules || JSON.stringify(rules) === JSON.stringify(state.rules)) return
  state.rules = rules
  for (const student of Object.keys(state.view.students)) dirty.students.add(student)
}

function memoryOf(state: FoldState, student: string): StudentMemory {
  let memory = state.memory.get(student)
  if (!memory) state.memory.set(student, (memory = newMemory()))
  return memory
}

function foldEvent(state: FoldState, event: StoredEvent, { dirty, tell }: Unflushed): void {
  state.offset = event.offset
  if (event.type === 'erased') return
  if (event.type === 'rules_changed') return foldRules(state, event.data, dirty)
  const key = event.student
  const ofSocket = event.type === 'connection_lost' || event.type === 'connection_back'
  // A socket says nothing of a student who never did anything.
  if (ofSocket && !Object.hasOwn(state.view.students, key)) return
  const memory = memoryOf(state, key)
  const touch = (collection: Collection, name: string): void => {
    dirty[collection].add(name)
  }
  const about = { state, event, memory, touch, tell }
  // Whoever is written to need not have done anything yet.
  if (event.type === 'message_sent' || event.type === 'message_withdrawn') return foldMessages(about)
  const student = (state.view.students[key] ??= newStudent(event))
  touch('students', key)
  const step = { ...about, student }
  if (event.type === 'sharing_changed') return foldSharing(step)
  // One who does not share may still ask for help; nothing else is taken.
  if (student.sharing === false) return foldHelp(step)
  foldPresence(step)
  foldProgress(step)
  foldRecent(step)
  foldHelp(step)
  foldMessages(step)
  foldActivity(step)
}

/** Brings `published` up to `view` for the dirty entries of one collection; the patch, if anything differs. */
function publish(view: Entries, published: Entries, dirty: Set<string>): Patch | undefined {
  const patch: Patch = {}
  let changed = false
  for (const key of dirty) {
    const before = Object.hasOwn(published, key) ? published[key] : undefined
    const after = Object.hasOwn(view, key) ? view[key] : undefined
    if (!after && !before) continue
    const part = after ? (before ? diff(before, after) : copy(after)) : null
    if (part === undefined) continue
    patch[key] = part
    changed = true
    if (after) published[key] = copy(after)
    else delete published[key]
  }
  return changed ? patch : undefined
}

function keptMessages({ memory, said }: FoldState, student: string): KeptMessage[] {
  return [...(memory.get(student)?.messages ?? [])].flatMap(([id, { state }]) => {
    const found = said.get(id)
    if (!found) return []
    const { readers: _, ...message } = found
    return { ...message, state }
  })
}

const studentsOf = (entries: Readonly<Record<string, { students: object }>>, key: string): string[] | undefined =>
  Object.hasOwn(entries, key) ? Object.keys(entries[key]?.students ?? {}) : undefined

/** Makes the fold over a state that it alone owns from now on. */
function foldOver(state: FoldState, forced?: RuleSetName): ClassFold {
  const published: ClassState = copy(state.view)
  let recent = createRecentChanges()
  let flushed = state.offset
  let unflushed = nothingUnflushed()
  const helpTelling = createHelpTelling(state.view.help)

  function flush(): (Changes & Notices) | undefined {
    if (state.offset === flushed) return undefined
    const { dirty, news } = unflushed
    const patch: Patch = {}
    const { students } = state.view
    const rules = forced === undefined ? rulesOf(state.rules) : RULE_SETS[forced]
    for (const key of dirty.students) {
      const student = students[key]
      if (student) student.attention = attentionPhases(student, state.view.help[key], rules)
    }
    for (const collection of COLLECTIONS) {
      const part = publish(state.view[collection], published[collection], dirty[collection])
      if (part) patch[collection] = part
    }
    const changes: Changes = { from: flushed, to: state.offset, changes: Object.keys(patch).length > 0 ? [patch] : [] }
    recent.add(changes, JSON.stringify(patch).length)
    flushed = state.offset
    unflushed = nothingUnflushed()
    return { ...changes, help: helpTelling.changed(dirty.help), messages: [...news.values()] }
  }

  return {
    get offset() {
      return state.offset
    },
    apply(events) {
      for (const event of events) {
        if (event.offset !== state.offset + 1) {
          throw new RangeError(`Offset ${event.offset} does not follow ${state.offset}.`)
        }
        foldEvent(state, event, unflushed)
      }
    },
    flush,
    since(offset) {
      if (offset === flushed) return { from: flushed, to: flushed, changes: [] }
      const found = offset < flushed ? recent.since(offset) : undefined
      return found && { ...found, to: flushed }
    },
    forgetRecent() {
      recent = createRecentChanges()
    },
    snapshot: () => ({ offset: flushed, state: published }),
    rules: () => ({
      ...state.rules,
      ...(state.experiment === undefined ? {} : { experiment: state.experiment }),
    }),
    matrix: (notebook, since) => matrixOf(state, notebook, since),
    peek(id) {
      const { students, help } = state.view
      const student = Object.hasOwn(students, id) ? students[id] : undefined
      return student && { student, help: Object.hasOwn(help, id) ? help[id] : undefined }
    },
    help: (student) => helpNotice(state.view.help, student),
    helpNotices: () => helpNotices(state.view.help),
    requests: () =>
      Object.entries(state.view.help).map(([student, { group }]) => (group ? { student, group } : { student })),
    helpFigures: (from) => helpFigures(state, from),
    messageStudents: (message) => studentsOf(state.view.messages, message),
    errorStudents: (group) => studentsOf(state.view.errors, group),
    messages: (student) => keptMessages(state, student),
    progress: (student, band) => ownProgress(state, student, band),
    checkpoint() {
      if (state.offset !== flushed) throw new RangeError('Flush before the checkpoint: readers must not miss changes.')
      return { offset: state.offset, state: encodeFold(state) }
    },
  }
}

/** The fold of a class from its first event on. With `forced`, that set of rules holds whatever the log says: for a shadow. */
export function createClassFold(forced?: RuleSetName): ClassFold {
  return foldOver(emptyFold(), forced)
}

/** The fold of a class from a checkpoint on, written by the same `FOLD_VERSION`. Throws SyntaxError for other bytes. */
export function restoreFold(state: Uint8Array): ClassFold {
  return foldOver(decodeFold(state))
}
