import { lazy, type ComponentType, type LazyExoticComponent } from 'react'
import type { ClassInfo, ClassState, Right, StaffUser } from '@lectern/protocol'
import { may } from '../class/may.ts'
import type { Messages } from '../i18n/en.ts'
import type { IconName } from '../parts/icons.tsx'

/** What every view is given. The state of the class it takes from `useSeen`, its place in the address from `usePlace`. */
export interface ViewProps {
  readonly info: ClassInfo
  readonly user: StaffUser
  /** What stands behind the view's name in the address. */
  readonly part: string | undefined
}

interface ViewEntry {
  /** In the address, and for the title: `shell.views.NAME`. */
  readonly name: keyof Messages['shell']['views']
  readonly icon: IconName
  readonly right: Right
  /** Not offered to those who have this right: they have something better. */
  readonly unless?: Right
  /** The single key that leads here. */
  readonly shortcut?: string
  /** True: shown only when there is a state, with the glance above it; `useSeen` gives it. */
  readonly ofState?: true
  /** True: narrows itself to the kind of students that the query names (`kind`). */
  readonly byKind?: true
  /** True: stands in the bar of a phone, which has room for four; the others are behind a button there. */
  readonly inBar?: true
  /** True: has no place of its own in the navigation. */
  readonly isUnlisted?: true
  /** The number beside the name. */
  readonly count?: (state: ClassState) => number
  readonly load: () => Promise<ComponentType<ViewProps>>
}

/** One view of a class. */
export interface ClassView extends ViewEntry {
  readonly Component: LazyExoticComponent<ComponentType<ViewProps>>
}

function view(entry: ViewEntry): ClassView {
  return { ...entry, Component: lazy(async () => ({ default: await entry.load() })) }
}

/**
 * Every view of a class, in the order of the navigation: the first that somebody may see is where they begin. What is not
 * here is not shown anywhere.
 */
export const VIEWS: readonly ClassView[] = [
  view({
    name: 'wall',
    icon: 'wall',
    inBar: true,
    right: 'students.see',
    shortcut: 'w',
    ofState: true,
    byKind: true,
    load: async () => (await import('../views/wall-view.tsx')).WallView,
  }),
  view({
    name: 'list',
    icon: 'list',
    inBar: true,
    right: 'students.see',
    shortcut: 'l',
    ofState: true,
    byKind: true,
    load: async () => (await import('../views/list-view.tsx')).ListView,
  }),
  view({
    name: 'teams',
    icon: 'teams',
    right: 'students.see',
    shortcut: 't',
    ofState: true,
    byKind: true,
    load: async () => (await import('../views/teams-view.tsx')).TeamsView,
  }),
  view({
    name: 'room',
    icon: 'room',
    right: 'roster.see',
    shortcut: 'r',
    ofState: true,
    byKind: true,
    load: async () => (await import('../views/room-view.tsx')).RoomView,
  }),
  view({
    name: 'help',
    icon: 'help',
    inBar: true,
    right: 'help.answer',
    shortcut: 'h',
    ofState: true,
    count: ({ help }) => Object.keys(help).length,
    load: async () => (await import('../views/help-view.tsx')).HelpView,
  }),
  view({
    name: 'errors',
    icon: 'errors',
    inBar: true,
    right: 'students.see',
    shortcut: 'e',
    ofState: true,
    load: async () => (await import('../views/errors-view.tsx')).ErrorsView,
  }),
  view({
    name: 'talk',
    icon: 'talk',
    right: 'help.answer',
    shortcut: 'm',
    ofState: true,
    load: async () => (await import('../views/talk-view.tsx')).TalkView,
  }),
  view({
    name: 'progress',
    icon: 'progress',
    right: 'students.see',
    shortcut: 'p',
    ofState: true,
    load: async () => (await import('../views/progress-view.tsx')).ProgressView,
  }),
  view({
    name: 'replay',
    icon: 'replay',
    right: 'students.see',
    shortcut: 'y',
    ofState: true,
    load: async () => (await import('../views/replay-view.tsx')).ReplayView,
  }),
  view({
    name: 'student',
    icon: 'person',
    right: 'code.see',
    ofState: true,
    isUnlisted: true,
    load: async () => (await import('../views/student-view.tsx')).StudentView,
  }),
  view({
    name: 'whole',
    icon: 'whole',
    right: 'class.see',
    unless: 'students.see',
    load: async () => (await import('../manage/whole-page.tsx')).WholePage,
  }),
  view({
    name: 'lessons',
    icon: 'lessons',
    right: 'students.see',
    shortcut: 'n',
    load: async () => (await import('../lessons/lessons-view.tsx')).LessonsView,
  }),
  view({
    name: 'people',
    icon: 'people',
    right: 'roster.see',
    shortcut: 'o',
    load: async () => (await import('../manage/people-page.tsx')).PeoplePage,
  }),
  view({
    name: 'settings',
    icon: 'settings',
    right: 'class.edit',
    isUnlisted: true,
    load: async () => (await import('../settings/settings-view.tsx')).SettingsView,
  }),
]

/** The views that somebody may see in a class. */
export function viewsFor(info: ClassInfo): readonly ClassView[] {
  return VIEWS.filter(({ right, unless }) => may(info, right) && (unless === undefined || !may(info, unless)))
}
