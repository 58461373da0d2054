/** Key of a cell in the state. Holds a `#`, so that it is never the name of an inherited member (SPEC LIM-4). */
export function cellKeyOf(notebook: string, cell: string): string {
  return `${notebook}#${cell}`
}
