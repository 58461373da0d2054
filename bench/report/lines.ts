import type { Measured } from './results.ts'

/** A text in both languages of the report. */
export interface Both {
  en: string
  ja: string
}

/** A language of the report. */
export type Language = keyof Both

/** One line of the table before and after. Numbers are of this run, in `unit`; undefined: not measured. */
export interface Line {
  id: string
  what: Both
  unit: string
  /** What the analysis of the former server says; not measured here. */
  stated: Both
  /** The old way of doing it, measured in this run. */
  before?: number | undefined
  now: number | undefined
  goal: number
  better: 'less' | 'more'
}

const same = (text: string): Both => ({ en: text, ja: text })

const rowOf = <T extends { name: string }>(rows: readonly T[] | undefined, name: string): T | undefined =>
  rows?.find((row) => row.name === name)

function speedLines({ ingest }: Measured): Line[] {
  const line = ({ id, what, name, goal }: { id: string; what: Both; name: string; goal: number }): Line => ({
    id,
    what,
    unit: '/s',
    stated: id === 'M1' ? { en: '6,999+ on 8 workers', ja: '8 ワーカーで 6,999+' } : same('–'),
    now: rowOf(ingest?.rows, name)?.perSecond,
    goal,
    better: 'more',
  })
  const many: Both = { en: 'durable events a second, posts of 20', ja: '毎秒の永続化イベント数（20 件ずつ）' }
  const single: Both = { en: 'durable events a second, posts of 1', ja: '毎秒の永続化イベント数（1 件ずつ）' }
  const frames: Both = {
    en: 'durable events a second, socket frames of 20',
    ja: '毎秒の永続化イベント数（ソケットで 20 件ずつ）',
  }
  return [
    line({ id: 'M1', what: many, name: 'posts of 20', goal: 100_000 }),
    line({ id: 'S1', what: single, name: 'posts of 1', goal: 40_000 }),
    line({ id: 'S1', what: frames, name: 'frames of 20', goal: 100_000 }),
  ]
}

function answerLines({ ingest, classroom }: Measured): Line[] {
  const at = (students: number) => classroom?.rows.find((row) => row.students === students)
  const stated: Both = { en: '80–120 ms', ja: '80〜120 ms' }
  return [200, 350]
    .flatMap((students): Line[] => {
      const row = at(students)
      const of: Both = { en: `${students} students, 10 dashboards`, ja: `学生 ${students} 人、10 画面` }
      const first = students === 200
      return [
        {
          id: 'M4',
          what: { en: `answer p99, ${of.en}`, ja: `応答 p99、${of.ja}` },
          unit: 'ms',
          stated: first ? stated : same('–'),
          now: row?.p99,
          goal: 10,
          better: 'less',
        },
        {
          id: 'M5',
          what: { en: `processor cores, ${of.en}`, ja: `使用コア数、${of.ja}` },
          unit: '',
          stated: first ? { en: '75–80 % of 8 cores', ja: '8 コアの 75〜80 %' } : same('–'),
          now: row?.cores,
          goal: 0.1,
          better: 'less',
        },
      ]
    })
    .concat(
      [7_000, 20_000].map((rate, index) => ({
        id: 'S2',
        what: { en: `answer p99 at ${rate} events/s`, ja: `毎秒 ${rate} 件での応答 p99` },
        unit: 'ms',
        stated: same('–'),
        now: rowOf(ingest?.rows, `open loop, ${rate}/s`)?.p99,
        goal: [10, 12][index] ?? 12,
        better: 'less' as const,
      })),
    )
}

function sizeLines({ memory, classroom }: Measured): Line[] {
  return [
    {
      id: 'M2',
      what: { en: 'sockets held at once in this run', ja: 'この測定で同時に保持したソケット数' },
      unit: '',
      stated: { en: '200, the limit', ja: '上限 200' },
      now: memory?.sockets,
      goal: 350,
      better: 'more',
    },
    {
      id: 'M6',
      what: { en: 'resident memory, 350 students, 10 dashboards', ja: '常駐メモリ、学生 350 人、10 画面' },
      unit: 'MiB',
      stated: { en: '8 × 204.8 MB', ja: '8 × 204.8 MB' },
      now: memory?.classMiB ?? classroom?.rows.at(-1)?.residentMiB,
      goal: 200,
      better: 'less',
    },
    {
      id: 'M7',
      what: { en: 'one connection', ja: '接続一つ' },
      unit: 'KiB',
      stated: { en: '92.7 KB, two managers', ja: '92.7 KB、管理部二つ' },
      now: memory?.idleKiB,
      goal: 12,
      better: 'less',
    },
  ]
}

function partLines({ route, start, workers, live }: Measured): Line[] {
  const saved = start && (1 - start.parallel.servicesMs / start.sequential.servicesMs) * 100
  return [
    {
      id: 'M8',
      what: { en: 'finding a route, p95 (before: linear search)', ja: '経路の検索 p95（前: 線形探索）' },
      unit: 'µs',
      stated: same('10.6 µs'),
      before: route?.linear.p95,
      now: route?.tree.p95,
      goal: 0.3,
      better: 'less',
    },
    {
      id: 'M8',
      what: { en: 'the same with ten times the routes', ja: '同、経路を 10 倍にした場合' },
      unit: 'µs',
      stated: same('–'),
      before: route?.longer.linear.p95,
      now: route?.longer.tree.p95,
      goal: 0.3,
      better: 'less',
    },
    {
      id: 'M9',
      what: {
        en: 'start of the process to listening (before: one by one)',
        ja: '起動から受付まで（前: 一つずつ起動）',
      },
      unit: 'ms',
      stated: { en: 'one after the other', ja: '一つずつ' },
      before: start?.sequential.listeningMs,
      now: start?.parallel.listeningMs,
      goal: 500,
      better: 'less',
    },
    {
      id: 'M9',
      what: { en: 'saved by starting services together', ja: '同時起動による短縮' },
      unit: '%',
      stated: { en: '35 % wanted', ja: '目標 35 %' },
      now: saved,
      goal: 35,
      better: 'more',
    },
    {
      id: 'M10',
      what: { en: 'memory of one worker', ja: 'ワーカー一つのメモリ' },
      unit: 'MiB',
      stated: same('204.8 MB'),
      now: workers?.rows.at(-1)?.mibEach,
      goal: 40,
      better: 'less',
    },
    {
      id: 'M11',
      what: { en: 'crash to next acknowledgement', ja: '異常終了から次の応答まで' },
      unit: 'ms',
      stated: same('–'),
      now: start?.recoveryMs,
      goal: 1_000,
      better: 'less',
    },
    {
      id: 'S3',
      what: { en: 'commit to 50 dashboards, 1,000 students, p99', ja: '保存から 50 画面まで、学生 1,000 人、p99' },
      unit: 'ms',
      stated: same('–'),
      now: live?.rows.at(-1)?.p99,
      goal: 150,
      better: 'less',
    },
  ]
}

/** The table before and after, by the numbers of the mission and of the goals. */
export function tableLines(measured: Measured): Line[] {
  return [...speedLines(measured), ...sizeLines(measured), ...answerLines(measured), ...partLines(measured)]
}

/** Whether a line meets its goal; undefined when it was not measured. */
export function meets({ now, goal, better }: Line): boolean | undefined {
  if (now === undefined || Number.isNaN(now)) return undefined
  return better === 'less' ? now <= goal : now >= goal
}
