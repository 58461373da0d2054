import { meets, tableLines, type Both, type Language, type Line } from './lines.ts'
import type { Machine, Measured, Quantiles, ReportData } from './results.ts'

/** A bar: its name, its value, and how the value is written. `goal` draws a mark. */
export interface Bar {
  name: string
  value: number
  shown: string
}

/** One block of a report, in one language. */
export type Block =
  | { kind: 'heading'; level: 1 | 2; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'list'; items: string[] }
  | { kind: 'table'; head: string[]; rows: string[][] }
  | { kind: 'plot'; title: string; bars: Bar[] }

const DIGITS_BELOW_TEN = 2
const NOT_MEASURED: Both = { en: 'not measured', ja: '未測定' }

/** A number as people write it; an en dash for none. */
export function shown(value: number | null | undefined): string {
  if (value === undefined || value === null || Number.isNaN(value)) return '–'
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : DIGITS_BELOW_TEN
  return value.toLocaleString('en', { maximumFractionDigits: digits })
}

const withUnit = (value: number | undefined, unit: string): string =>
  value === undefined || Number.isNaN(value) ? '–' : `${shown(value)}${unit ? ` ${unit}` : ''}`

const WORDS = {
  title: { en: 'Performance of this Lectern', ja: 'この Lectern の性能' },
  verdict: { en: 'Verdict', ja: '結果' },
  table: { en: 'Before and after', ja: '前と後' },
  pictures: { en: 'In pictures', ja: '図' },
  details: { en: 'Every measurement', ja: '測定の詳細' },
  failed: { en: 'What could not be measured', ja: '測定できなかったもの' },
  machine: { en: 'Machine', ja: '機械' },
  how: {
    en:
      'The server, the load and the database share this machine. An answer counts after the event is on disk. What the analysis of the ' +
      'former server says was not measured here and stands in a column of its own; “before” is the old way of doing the same, measured in ' +
      'this run.',
    ja:
      'サーバー、負荷の発生、データベースはすべてこの機械で動かしました。応答はイベントをディスクに書き終えてから数えます。旧サーバーの分析にある値は' +
      'ここでは測っていないため別の列に示し、「前」は同じことを旧来の方法で、この測定の中で測った値です。',
  },
} satisfies Record<string, Both>

const HEAD: Record<Language, string[]> = {
  en: ['', 'what', 'the analysis says', 'before', 'now', 'goal', 'met', 'since the last report'],
  ja: ['', '項目', '分析の値', '前', '今', '目標', '達成', '前回から'],
}

/** Change against the last report, in percent; a dash where one of the two is missing. */
function change(line: Line, last: readonly Line[]): string {
  const before = last.find(({ id, what }) => id === line.id && what.en === line.what.en)?.now
  if (before === undefined || line.now === undefined || before === 0) return '–'
  const percent = Math.round((line.now / before - 1) * 100)
  return percent === 0 ? '±0 %' : `${percent > 0 ? '+' : ''}${percent} %`
}

function mainTable(lines: readonly Line[], last: readonly Line[], language: Language): Block {
  return {
    kind: 'table',
    head: HEAD[language],
    rows: lines.map((line) => {
      const met = meets(line)
      return [
        line.id,
        line.what[language],
        line.stated[language],
        line.before === undefined ? NOT_MEASURED[language] : withUnit(line.before, line.unit),
        line.now === undefined ? NOT_MEASURED[language] : withUnit(line.now, line.unit),
        `${line.better === 'less' ? '≤' : '≥'} ${withUnit(line.goal, line.unit)}`,
        met === undefined ? '–' : met ? '✓' : '✗',
        change(line, last),
      ]
    }),
  }
}

function verdict(lines: readonly Line[], language: Language): Block[] {
  const measured = lines.filter((line) => meets(line) !== undefined)
  const missed = measured.filter((line) => meets(line) === false)
  const met = measured.length - missed.length
  const first: Both = {
    en: `${met} of ${measured.length} measured goals are met.`,
    ja: `測定した目標 ${measured.length} 件のうち ${met} 件を達成しました。`,
  }
  const not: Both = { en: 'Not met:', ja: '未達成:' }
  const items = missed.map(
    ({ what, now, goal, unit }) => `${what[language]}: ${withUnit(now, unit)} (${withUnit(goal, unit)})`,
  )
  return [
    { kind: 'text', text: first[language] },
    ...(items.length > 0
      ? ([
          { kind: 'text', text: not[language] },
          { kind: 'list', items },
        ] as const)
      : []),
  ]
}

const plot = (title: string, bars: Bar[]): Block[] => (bars.length > 0 ? [{ kind: 'plot', title, bars }] : [])

function plots({ ingest, route, start, workers, classroom }: Measured, language: Language): Block[] {
  const say = (both: Both): string => both[language]
  const rows = ingest?.rows ?? []
  const closed = rows.filter(({ name }) => !name.startsWith('open'))
  const open = rows.filter(({ name }) => name.startsWith('open'))
  const bar = (name: string, value: number, unit: string): Bar => ({ name, value, shown: withUnit(value, unit) })
  return [
    ...plot(
      say({ en: 'Durable events a second', ja: '毎秒の永続化イベント数' }),
      closed.map(({ name, perSecond }) => bar(name, perSecond, '')),
    ),
    ...plot(
      say({ en: 'Answer p99 by events a second, ms', ja: '毎秒の件数と応答 p99（ms）' }),
      open.map(({ name, p99 }) => bar(name.replace('open loop, ', ''), p99, 'ms')),
    ),
    ...plot(
      say({ en: 'Answer p99 of a class at its own pace, ms', ja: '現実的な速さのクラスでの応答 p99（ms）' }),
      (classroom?.rows ?? []).map(({ students, p99 }) => bar(String(students), p99, 'ms')),
    ),
    ...plot(
      say({ en: 'Finding a route, p95', ja: '経路の検索 p95' }),
      route
        ? [
            bar(`${route.routes}: linear`, route.linear.p95, 'µs'),
            bar(`${route.routes}: tree`, route.tree.p95, 'µs'),
            bar(`${route.longer.routes}: linear`, route.longer.linear.p95, 'µs'),
            bar(`${route.longer.routes}: tree`, route.longer.tree.p95, 'µs'),
          ]
        : [],
    ),
    ...plot(
      say({ en: 'Start to listening', ja: '起動から受付まで' }),
      start
        ? [
            bar(say({ en: 'one by one', ja: '一つずつ' }), start.sequential.listeningMs, 'ms'),
            bar(say({ en: 'together', ja: '同時' }), start.parallel.listeningMs, 'ms'),
          ]
        : [],
    ),
    ...plot(
      say({ en: 'Jobs a second by workers', ja: 'ワーカー数と毎秒のジョブ数' }),
      (workers?.rows ?? []).map((row) => bar(String(row.workers), row.jobsPerSecond, '')),
    ),
  ]
}

const quantiles = ({ p50, p95, p99 }: Quantiles): string[] => [shown(p50), shown(p95), shown(p99)]

function details(measured: Measured, language: Language): Block[] {
  const { ingest, classroom, live, memory, workers } = measured
  const say = (both: Both): string => both[language]
  const cores = say({ en: 'cores', ja: 'コア' })
  const students = say({ en: 'students', ja: '学生' })
  const blocks: (Block | undefined)[] = [
    memory && {
      kind: 'table',
      head: [say({ en: 'baseline', ja: '基本' }), 'MiB', 'KiB', cores],
      rows: [
        [say({ en: 'empty server', ja: '空のサーバー' }), shown(memory.emptyMiB), '–', '–'],
        [
          say({ en: '350 students, 10 dashboards', ja: '学生 350 人、10 画面' }),
          shown(memory.classMiB),
          '–',
          shown(memory.cores),
        ],
        [say({ en: 'a connection, idle', ja: '待機中の接続' }), '–', shown(memory.idleKiB), '–'],
        [say({ en: 'a connection, after a batch', ja: '送信後の接続' }), '–', shown(memory.activeKiB), '–'],
      ],
    },
    classroom && {
      kind: 'table',
      head: [
        students,
        say({ en: 'events', ja: '件数' }),
        say({ en: 'lost', ja: '欠落' }),
        'p50 ms',
        'p95 ms',
        'p99 ms',
        cores,
        'MiB',
      ],
      rows: classroom.rows.map((row) => [
        shown(row.students),
        shown(row.events),
        shown(row.lost),
        ...quantiles(row),
        shown(row.cores),
        shown(row.residentMiB),
      ]),
    },
    ingest && {
      kind: 'table',
      head: [say({ en: 'load', ja: '負荷' }), '/s', 'p50 ms', 'p99 ms', cores, 'MiB'],
      rows: ingest.rows.map((row) => [
        row.name,
        shown(row.perSecond),
        shown(row.p50),
        shown(row.p99),
        shown(row.serverCores),
        shown(row.residentMiB),
      ]),
    },
    live && {
      kind: 'table',
      head: [students, say({ en: 'dashboards', ja: '画面' }), '/s', 'p50 ms', 'p99 ms'],
      rows: live.rows.map((row) => [row.students, row.dashboards, row.rate, row.p50, row.p99].map(shown)),
    },
    workers && {
      kind: 'table',
      head: [
        say({ en: 'workers', ja: 'ワーカー' }),
        say({ en: 'jobs/s', ja: 'ジョブ/s' }),
        say({ en: 'MiB each', ja: '一つの MiB' }),
      ],
      rows: workers.rows.map((row) => [row.workers, row.jobsPerSecond, row.mibEach].map(shown)),
    },
  ]
  return blocks.filter((block) => block !== undefined)
}

const machineText = ({ cpu, cores, memoryGiB, system, node }: Machine): string =>
  `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}`

/** The report in one language; `last` is the report before it, if there is one. */
export function writeReport(report: ReportData, last: ReportData | undefined, language: Language): Block[] {
  const say = (both: Both): string => both[language]
  const lines = tableLines(report.measured)
  const failed = Object.entries(report.failed).map(([name, reason]) => `${name}: ${reason}`)
  const took: Both = {
    en: `Measured on ${report.at.slice(0, 16).replace('T', ' ')} UTC in ${Math.round(report.seconds)} s.`,
    ja: `測定日時 ${report.at.slice(0, 16).replace('T', ' ')} UTC、所要 ${Math.round(report.seconds)} 秒。`,
  }
  return [
    { kind: 'heading', level: 1, text: say(WORDS.title) },
    { kind: 'text', text: `${say(took)} ${say(WORDS.machine)}: ${machineText(report.machine)}.` },
    { kind: 'heading', level: 2, text: say(WORDS.verdict) },
    ...verdict(lines, language),
    { kind: 'heading', level: 2, text: say(WORDS.pictures) },
    ...plots(report.measured, language),
    { kind: 'heading', level: 2, text: say(WORDS.table) },
    { kind: 'text', text: say(WORDS.how) },
    mainTable(lines, last ? tableLines(last.measured) : [], language),
    { kind: 'heading', level: 2, text: say(WORDS.details) },
    ...details(report.measured, language),
    ...(failed.length > 0
      ? ([
          { kind: 'heading', level: 2, text: say(WORDS.failed) },
          { kind: 'list', items: failed },
        ] as const)
      : []),
  ]
}
