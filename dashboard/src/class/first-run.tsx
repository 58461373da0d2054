import type { ClassInfo } from '@lectern/protocol'
import { useTranslations } from 'use-intl'
import { Button } from 'react-aria-components'
import { Icon } from '../parts/icons.tsx'
import { JoinGuide } from './join-guide.tsx'

const SPARKS = Array.from({ length: 18 }, (_, index) => index)

/** The way from an empty class to its first event. */
export function FirstRun({ info, joined }: { readonly info: ClassInfo; readonly joined: number }) {
  const t = useTranslations('start')
  return (
    <div className="first-run">
      <div className="first-run-head">
        <h2>{t('title')}</h2>
        <p className="muted">{t('text')}</p>
      </div>
      <section className="card">
        <JoinGuide info={info} />
      </section>
      <p className="waiting" role="status">
        <span className="pulse" aria-hidden="true" />
        {joined > 0 ? t('waitingJoined', { n: joined }) : t('waiting')}
      </p>
    </div>
  )
}

interface CelebrationProps {
  /** Undefined until it is known. */
  readonly name: string | undefined
  readonly onGo: () => void
}

/** The first event has arrived; still for whoever wants no motion. */
export function Celebration({ name, onGo }: CelebrationProps) {
  const t = useTranslations('start')
  return (
    <div className="celebration" data-celebration>
      <div className="sparks" aria-hidden="true">
        {SPARKS.map((index) => (
          <span
            key={index}
            className={`spark spark-${index % 6}`}
            style={{ rotate: `${(360 * index) / SPARKS.length}deg` }}
          />
        ))}
        <span className="celebration-sign">
          <Icon name="check" />
        </span>
      </div>
      <div role="status">
        <h2>{t('arrived')}</h2>
        <p>{t('arrivedText', { name: name ?? t('someone') })}</p>
      </div>
      <Button className="button primary large-button" onPress={onGo} autoFocus>
        {t('go')}
        <Icon name="next" />
      </Button>
    </div>
  )
}
