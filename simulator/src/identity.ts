import type { LecternEvent } from '@lectern/protocol'
import type { Random } from './random.ts'
import type { Draft } from './student.ts'

const HEX_DIGITS = '0123456789abcdef'

function hex(random: Random, digits: number): string {
  let text = ''
  for (let digit = 0; digit < digits; digit += 1) text += HEX_DIGITS[Math.floor(random.next() * 16)]
  return text
}

/** A UUIDv7 (RFC 9562) of the given time, ms, from seeded randomness. */
export function uuidV7(time: number, random: Random): string {
  const stamp = Math.floor(time).toString(16).padStart(12, '0')
  return `${stamp.slice(0, 8)}-${stamp.slice(8)}-7${hex(random, 3)}-${random.pick(['8', '9', 'a', 'b'])}${hex(random, 3)}-${hex(random, 12)}`
}

/** Who a simulated student is. */
export interface Identity {
  install: string
  name: string
  email: string
  team: string
}

const FAMILY =
  '佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 斎藤 清水'.split(' ')
const GIVEN = '陽菜 結衣 葵 凛 さくら 美咲 蓮 湊 大和 悠真 陽翔 樹 翔太 健太 直樹 拓海 七海 優奈 彩花 千尋'.split(' ')
const WORLD = [
  'Amara Okafor',
  'Lukas Weber',
  'Sofia Rossi',
  'Mateo García',
  'Nguyễn Minh Anh',
  'Priya Sharma',
  'Emily Johnson',
  'Noah Müller',
  'Zeynep Yılmaz',
  'Li Wei',
  'Kim Seo-yeon',
  'Chloé Dubois',
  'Oliver Smith',
  'Fatima Al-Sayed',
  'Ingrid Larsen',
  'João Silva',
]
const TEAM_SIZE = 8

/** Draws the identity of student number `index`; the same seed gives the same people. */
export function drawIdentity(random: Random, index: number): Identity {
  const name = random.chance(0.72) ? `${random.pick(FAMILY)} ${random.pick(GIVEN)}` : random.pick(WORLD)
  const team = `チーム${Math.floor(index / TEAM_SIZE) + 1}`
  // Version 4 in form: an install has no time of its own.
  const install = `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-8${hex(random, 3)}-${hex(random, 12)}`
  return { install, name, email: `student${String(index + 1).padStart(4, '0')}@class.example`, team }
}

/** Turns drafts into events: ids from the seed, numbers from `firstSeq` on without gaps. */
export function createStamp(random: Random, install: string, firstSeq = 1): (draft: Draft) => LecternEvent {
  let seq = firstSeq - 1
  return ({ at, ...draft }) => {
    seq += 1
    const event = { id: uuidV7(at, random), install, seq, at: new Date(at).toISOString(), session: 'lesson', ...draft }
    return event as LecternEvent
  }
}
