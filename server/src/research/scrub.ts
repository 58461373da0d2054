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

const NO_LETTERS = /[^\p{L}\p{M}]+/gu
const ADDRESS = /[^\s@<>"'`()[\]{},;:=]{1,64}@[^\s@<>"'`()[\]{},;:=]{1,190}\.\p{L}{2,24}/gu
/** An absolute path of two parts or more, also of Windows. */
const PATH = /(?<![\p{L}\p{N}_.)\]])(?:~?\/(?:[^\s/"'`:,;()]+\/)+[^\s/"'`:,;()]*|[A-Za-z]:\\[^\s"'`,;()]*)/gu

/** A run of letters; in scripts without spaces it may hold several words. */
const WORD = /\p{L}[\p{L}\p{M}]*/gu
/** Signs of private use stand for what was taken out until all is: words of the marks themselves may be names. */
const MARKS = { name: '\uE000', address: '\uE001', path: '\uE002' }
const SEVERAL = /\uE000(?:[ .・_-]?\uE000)+/gu

/** The words of a name and of an address before its `@`, also without their accents, as they may stand in a text. */
function wordsOf({ name, email }: Person): string[] {
  const local = email?.split('@', 1)[0] ?? ''
  const words = [...name.split(NO_LETTERS), name.replaceAll(NO_LETTERS, ''), ...local.split(NO_LETTERS)]
  const plain = words.map((word) => word.normalize('NFD').replaceAll(/\p{M}/gu, ''))
  return [...words, ...plain].filter((word) => word.length >= (CJK.test(word) ? SHORTEST.cjk : SHORTEST.other))
}

/** Names in scripts without spaces, by their first character, the longest first: they stand anywhere in a run of letters. */
function createFinder(names: readonly string[]) {
  const byFirst = new Map<string, string[]>()
  for (const name of names.toSorted((a, b) => b.length - a.length)) {
    const [first = ''] = name
    byFirst.set(first, [...(byFirst.get(first) ?? []), name])
  }
  return (run: string): string => {
    let scrubbed = ''
    for (let at = 0; at < run.length;) {
      const name = byFirst.get(run.charAt(at))?.find((one) => run.startsWith(one, at))
      scrubbed += name === undefined ? run.charAt(at) : MARKS.name
      at += name?.length ?? 1
    }
    return scrubbed
  }
}

/**
 * Makes what takes the names and addresses of these people, every address and every absolute path out of a text. What somebody
 * writes of themselves otherwise stays (SPEC RES-2). It takes one pass, however many the people are.
 */
export function createScrub(people: readonly Person[]): (text: string) => string {
  const words = [...new Set(people.flatMap(wordsOf))]
  const inRuns = createFinder(words.filter((word) => CJK.test(word)))
  const asWritten = new Set(words.filter((word) => PYTHON_WORDS.has(word.toLowerCase())))
  const anyCase = new Set(words.map((word) => word.toLowerCase()).filter((word) => !PYTHON_WORDS.has(word)))
  const scrubWord = (word: string): string => {
    if (CJK.test(word)) return inRuns(word)
    return anyCase.has(word.toLowerCase()) || asWritten.has(word) ? MARKS.name : word
  }
  return (text) => {
    const marked = text.replace(ADDRESS, MARKS.address).replace(PATH, MARKS.path).replace(WORD, scrubWord)
    const shown = marked.replace(SEVERAL, MARKS.name).replaceAll(MARKS.name, '[name]')
    return shown.replaceAll(MARKS.address, '[address]').replaceAll(MARKS.path, '[path]')
  }
}
