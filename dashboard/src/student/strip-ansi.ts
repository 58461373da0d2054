/** What a terminal takes for colours, places and titles (ECMA-48), and other signs that are not seen; not tabs and line breaks. */
const SEQUENCES =
  // oxlint-disable-next-line no-control-regex
  /\u001B\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[\u001B\u009B][ -/[\]()#;?]{0,4}[0-9;:]{0,64}[ -/]{0,4}[@-~]?|[\u0000-\u0008\u000B\u000C\u000E-\u001A\u001C-\u001F\u007F]/g

/** A text as one reads it, without what would only move or colour it in a terminal. */
export function stripAnsi(text: string): string {
  return text.replaceAll(SEQUENCES, '')
}
