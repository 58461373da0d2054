/** What a report of a lesson is sealed for. */
export const LESSON_CONTEXT = 'lesson-report'
