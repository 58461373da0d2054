/** Somebody whose name must not be read. */
interface Person {
  readonly name: string
  readonly email?: string | undefined
}

/** Words of Python that are also names: they are taken for names only as they are written on the roster. */
const PYTHON_WORDS = new Set(
  'abs all any bin bool bytes chr dict dir eval exec filter float format from hash hex id in input int is iter len list map max min next not object oct open or ord pass pow print range repr return round set slice sorted str sum super tuple type vars with yield zip'.split(
    ' ',
  ),
)
const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u
const SHORTEST = { cjk: 2, other: 3 }

const ADDRESS = /[^\s@<>"'`()[\]{},;:=]+@[^\s@<>"'`()[\]{},;:=]+\.\p{L}{2,}/gu
/** An absolute path of two parts or more, also of Windows. */
const PATH = /(?<![\p{L}\p{N}_.)\]])(?:~?\/(?:[^\s/"'`:,;()]+\/)+[^\s/"'`:,;()]*|[A-Za-z]:\\[^\s"'`,;()]*)/gu

const escaped = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

/** A name and its parts, as they may stand in a text. */
function namesOf({ name, email }: Person): string[] {
  const parts = name.split(/[\s・,.()]+/u)
  const local = email?.split('@', 1)[0] ?? ''
  const words = [name, name.replaceAll(/\s/gu, ''), ...parts, local, ...local.split(/[._+-]/)]
  const plain = words.map((word) => word.normalize('NFD').replaceAll(/\p{M}/gu, '').normalize('NFC'))
  return [...words, ...plain].filter((word) => word.length >= (CJK.test(word) ? SHORTEST.cjk : SHORTEST.other))
}

/** A pattern for one name: no part of a longer word, but in scripts without spaces wherever it stands. */
function patternOf(name: string): string {
  if (CJK.test(name)) return escaped(name)
  return `(?<!\\p{L})${escaped(name)}(?!\\p{L})`
}

/**
 * Makes what takes the names and addresses of these people, every address and every absolute path out of a text. What somebody
 * writes of themselves otherwise stays (SPEC RES-2).
 */
export function createScrub(people: readonly Person[]): (text: string) => string {
  const names = [...new Set(people.flatMap(namesOf))].toSorted((a, b) => b.length - a.length)
  const isWord = (name: string) => PYTHON_WORDS.has(name.toLowerCase())
  const patterns = (chosen: readonly string[], flags: string) =>
    chosen.length === 0 ? undefined : new RegExp(chosen.map(patternOf).join('|'), flags)
  const anyCase = patterns(
    names.filter((name) => !isWord(name)),
    'giu',
  )
  const asWritten = patterns(names.filter(isWord), 'gu')
  return (text) => {
    let scrubbed = text.replace(ADDRESS, '[address]').replace(PATH, '[path]')
    if (anyCase) scrubbed = scrubbed.replace(anyCase, '[name]')
    return asWritten ? scrubbed.replace(asWritten, '[name]') : scrubbed
  }
}
