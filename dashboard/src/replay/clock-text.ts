const two = (n: number) => String(n).padStart(2, '0')

/** A time as a field for times has it: hours, minutes and seconds where the reader is. */
export function clockText(time: number): string {
  const at = new Date(time)
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':')
}

/** A day as a field for dates has it. */
export function dayText(time: number): string {
  const at = new Date(time)
  return [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-')
}

/** The time of a field on the day of another time; undefined while the field is not filled. */
export function timeOn(day: number, text: string): number | undefined {
  const [hours, minutes, seconds = 0] = text.split(':').map(Number)
  if (hours === undefined || minutes === undefined) return undefined
  const at = new Date(day).setHours(hours, minutes, seconds, 0)
  return Number.isNaN(at) ? undefined : at
}

/** The time of two fields, a day and a clock; undefined while one is not filled. */
export function timeOf(day: string, clock: string): number | undefined {
  const at = new Date(`${day}T${clock}`).getTime()
  return Number.isNaN(at) ? undefined : at
}
