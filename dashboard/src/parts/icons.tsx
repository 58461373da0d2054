import type { AttentionKind } from '@lectern/protocol'

const PATHS = {
  help: 'M7 11V6.5a1.5 1.5 0 0 1 3 0V11m0-1V4.5a1.5 1.5 0 0 1 3 0V10m0 .5V6a1.5 1.5 0 0 1 3 0v5.5m0-2.5a1.5 1.5 0 0 1 3 0v5a7 7 0 0 1-7 7h-.6a7 7 0 0 1-5.7-3L3.6 13.4a1.5 1.5 0 0 1 2.5-1.6L7 13',
  stuck: 'M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3zM12 8v4.5M12 16v.01',
  failing: 'M12 4 2.8 20h18.4zM12 10.5v4M12 17v.01',
  active: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM10 8.5l5.5 3.5L10 15.5z',
  idle: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z',
  away: 'M13 4H6v16h7M10 12h11m-4-4 4 4-4 4',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  check: 'M4 12.5 9.5 18 20 6.5',
  close: 'M6 6l12 12M18 6 6 18',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16.2 16.2 21 21',
  settings: 'M4 7h9m4 0h3M4 17h3m4 0h9M15 4.5v5M9 14.5v5',
  key: 'M8 11a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM11 12l9-9m-3 3 2.5 2.5',
  question:
    'M9 9.2a3 3 0 1 1 4.4 2.7c-.9.5-1.4 1-1.4 2.1M12 17.5v.01M12 2.8a9.2 9.2 0 1 0 0 18.4 9.2 9.2 0 0 0 0-18.4z',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20.5a7.5 7.5 0 0 1 15 0',
  people:
    'M9 4.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2.5 20a6.5 6.5 0 0 1 13 0M16 5a3.2 3.2 0 0 1 0 6.3M17.5 14.2a6.2 6.2 0 0 1 4 5.8',
  plus: 'M12 5v14M5 12h14',
  back: 'M15 5l-7 7 7 7',
  next: 'M9 5l7 7-7 7',
  refresh: 'M20 11a8 8 0 1 0-.9 5M20 5v6h-6',
  download: 'M12 4v11m-5-5 5 5 5-5M4 20h16',
  undo: 'M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3',
  live: 'M12 10.5v3M8 8v8M4 10.5v3M16 8v8M20 10.5v3',
  wall: 'M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z',
  list: 'M8.5 6H20M8.5 12H20M8.5 18H20M4 6v.01M4 12v.01M4 18v.01',
  teams: 'M4 5h7v6H4zM13 5h7v6h-7zM8.5 14h7v6h-7z',
  room: 'M3.5 4.5h17v15h-17zM3.5 11h6M9.5 4.5v3M14.5 19.5V12h6',
  errors:
    'M8 9.5h8V14a4 4 0 0 1-8 0zM9.3 9.5a2.7 2.7 0 0 1 5.4 0M3.5 13H8m8 0h4.5M5 7l3 2.8M19 7l-3 2.8M5 19.5l3.2-3M19 19.5l-3.2-3M12 13v4.5',
  progress: 'M4 20V10m5.3 10V4m5.4 16v-7M20 20V7',
  replay: 'M4 12a8 8 0 1 0 2.5-5.8L4 8.5M4 4v4.5h4.5M12 8v4.5l3 1.8',
  bell: 'M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15zM10 20.5a2.2 2.2 0 0 0 4 0M12 5V3.5',
  play: 'M7 4.5v15l12-7.5z',
  pause: 'M8 5v14M16 5v14',
  stepBack: 'M18 5.5v13L9 12zM6 5v14',
  stepOn: 'M6 5.5v13l9-6.5zM18 5v14',
  talk: 'M4 5h16v11.5H10.5L6 20v-3.5H4zM8 9h8M8 12.5h5',
  lessons: 'M5.5 17.5V6a2 2 0 0 1 2-2h11v16h-11a2.25 2.25 0 0 1 0-4.5h11M9 8h6',
  more: 'M5.5 12v.01M12 12v.01M18.5 12v.01',
  whole: 'M12 3.5a8.5 8.5 0 1 0 8.5 8.5H12zM15.5 3.8a8.5 8.5 0 0 1 4.7 4.7h-4.7z',
  offline:
    'M3 3l18 18M8.5 16a5 5 0 0 1 7 0M5 12.5a10 10 0 0 1 5-2.6M14.5 10a10 10 0 0 1 4.5 2.5M2 9a15 15 0 0 1 4.5-3M11 5a15 15 0 0 1 11 4M12 19.5v.01',
} as const

/** Name of a picture. */
export type IconName = keyof typeof PATHS

interface IconProps {
  readonly name: IconName
  /** `filled` for pictures of states, which must be told apart at a glance. */
  readonly className?: string
}

/** A picture beside its text; it says nothing to screen readers. */
export function Icon({ name, className = '' }: IconProps) {
  return (
    <svg className={`icon ${className}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  )
}

/** What a student needs as a picture: a shape of its own for each, so that colour is never the only sign. */
export function KindBadge({ kind }: { readonly kind: AttentionKind }) {
  return (
    <span className={`badge kind-${kind}`}>
      <Icon name={kind} />
    </span>
  )
}

/** The sign of Lectern: a lectern with an open page. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path className="mark-page" d="M4 7.5 16 11l12-3.5v9L16 20 4 16.5z" />
      <path className="mark-stand" d="M16 20v6.5M10 27.5h12M16 11v9" />
    </svg>
  )
}
