/** Hours and minutes of a time, in ms, as this computer and the language write them. */
export function clockTime(at: number, language: string): string {
  return new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' }).format(at)
}

/** The time of today, else day and time, of a time in ms. */
export function timeOrDay(at: number, language: string): string {
  const isToday = new Date(at).toDateString() === new Date().toDateString()
  return isToday ? clockTime(at, language) : dayAndTime(at, language)
}

/** Day and time of a time, in ms. */
export function dayAndTime(at: number, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(at)
}
