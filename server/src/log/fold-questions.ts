import type { ClassFold } from '../live/live.ts'
import type { Call } from './wire.ts'

/** A question that the fold of one class answers as it stands, without waiting for a flush. */
export type FoldQuestion = Extract<
  Call,
  {
    call: 'help' | 'rules' | 'messages' | 'messageStudents' | 'errorStudents' | 'requests' | 'helpFigures' | 'progress'
  }
>

/** Answers it. */
export function askFold(fold: ClassFold, { call, ask }: FoldQuestion): unknown {
  switch (call) {
    case 'help':
      return fold.help(ask.student)
    case 'rules':
      return fold.rules()
    case 'messages':
      return fold.messages(ask.student)
    case 'messageStudents':
      return fold.messageStudents(ask.message)
    case 'errorStudents':
      return fold.errorStudents(ask.group)
    case 'requests':
      return fold.requests()
    case 'helpFigures':
      return fold.helpFigures(ask.from)
    case 'progress':
      return fold.progress(ask.student, ask.band)
  }
}
