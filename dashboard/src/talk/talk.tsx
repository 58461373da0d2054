import { useCallback } from 'react'
import type { ClassInfo, ClassMessage, StaffUser } from '@lectern/protocol'
import { Button } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { Panel } from '../class/panel.tsx'
import { stopwatch } from '../i18n/duration.ts'
import { useDelayed } from '../manage/delayed.ts'
import { Icon } from '../parts/icons.tsx'
import { useStudentHref } from '../shell/place.ts'
import { useSeen } from '../shell/seen.tsx'
import { talkApi } from './api.ts'
import { Composer } from './composer.tsx'
import { outcomesOf } from './outcomes.ts'
import { useHelpers } from './queries.ts'
import { SaidMessage } from './said-message.tsx'
import { useSay } from './say.tsx'
import '../styles/talk.css'

/** Who wrote where it was no person. */
const SCRIPT = 'script'

interface TalkProps {
  readonly info: ClassInfo
  readonly user: StaffUser
}

interface BannerProps {
  readonly message: ClassMessage
  /** The server's clock, ms. */
  readonly now: number
  readonly onEnd: (() => void) | undefined
}

/** A banner that stands on every student's page now, and the way to end it. */
function StandingBanner({ message, now, onEnd }: BannerProps) {
  const t = useTranslations('talk')
  const total = Object.keys(message.students).length
  const seen = total - outcomesOf(message).sent.length
  return (
    <div className="standing-banner" role="status">
      <Icon name="bell" />
      <div>
        <p className="said-text">{message.text}</p>
        <p className="small">
          {t('stands', { time: stopwatch(now - message.at) })} · {t('seenBy', { n: seen, all: total })}
        </p>
      </div>
      {onEnd && (
        <Button className="button" onPress={onEnd}>
          {t('end')}
        </Button>
      )}
    </div>
  )
}

/** What is said to the class: banners that stand, writing, and what came of everything that was said. */
export function Talk({ info, user }: TalkProps) {
  const t = useTranslations('talk')
  const { state, names, now } = useSeen()
  const { nameOf } = useHelpers(info.id)
  const hrefOf = useStudentHref(info.id)
  const mayWrite = useSay() !== undefined
  const going = useDelayed(useCallback((message: string) => talkApi.withdraw(info.id, message), [info.id]))
  const messages = Object.entries(state.messages).sort(([, a], [, b]) => b.at - a.at)
  const standing = messages.filter(([id, { kind, ended }]) => kind === 'banner' && !ended && !going.waiting.has(id))
  const byOf = (by: string) => {
    if (by === user.id) return t('you')
    return nameOf(by) ?? t(by === SCRIPT ? 'script' : 'colleague')
  }
  return (
    <div className="talk-page">
      {standing.map(([id, message]) => (
        <StandingBanner key={id} message={message} now={now} onEnd={mayWrite ? () => going.begin(id) : undefined} />
      ))}
      {mayWrite && <Composer classId={info.id} />}
      <Panel id="said" title={t('said')} note={messages.length}>
        {messages.length === 0 && <p className="empty">{t('nothingSaid')}</p>}
        <ol className="said-list">
          {messages.map(([id, message]) => (
            <SaidMessage
              key={id}
              id={id}
              message={message}
              group={message.group === undefined ? undefined : state.errors[message.group]}
              names={names}
              hrefOf={hrefOf}
              by={byOf(message.by)}
              isGoing={going.waiting.has(id)}
              onWithdraw={mayWrite ? going.begin : undefined}
              onUndo={going.undo}
            />
          ))}
        </ol>
      </Panel>
    </div>
  )
}
