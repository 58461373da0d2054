const BROWSERS = [
  ['Edge', /\bEdg[AiOS]*\//],
  ['Opera', /\bOPR\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /(?:Chrome|\bCriOS|\bChromium)\//],
  ['Safari', /\bSafari\//],
] as const

const SYSTEMS = [
  ['Android', /Android/],
  ['iOS', /iPhone|iPad/],
  ['Windows', /Windows/],
  ['macOS', /Macintosh|Mac OS X/],
  ['ChromeOS', /CrOS/],
  ['Linux', /Linux/],
] as const

const nameOf = (names: readonly (readonly [string, RegExp])[], header: string) =>
  names.find(([, pattern]) => pattern.test(header))?.[0]

/** What kind of browser a User-Agent header speaks of, such as `Firefox, Linux`: enough to tell one's own devices apart. */
export function agentLabel(header: string | undefined): string {
  if (header === undefined || header === '') return ''
  return [nameOf(BROWSERS, header), nameOf(SYSTEMS, header)].filter((name) => name !== undefined).join(', ')
}
