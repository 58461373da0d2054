import { memo, useState } from 'react'
import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components'
import { useFormatter, useTranslations } from 'use-intl'
import { hrefOfClass } from '../app/route.ts'
import { useMedia } from '../app/use-media.ts'
import { Icon } from '../parts/icons.tsx'
import { useMaybeSeen } from './seen.tsx'
import type { ClassView } from './views.ts'

/** As many as a phone's bar holds beside "more". */
const IN_BAR = 4

interface NavigationProps {
  readonly classId: string
  readonly views: readonly ClassView[]
  /** Name of the view that is shown. */
  readonly shown: string
}

interface ViewLinkProps {
  readonly classId: string
  readonly view: ClassView
  readonly isShown: boolean
  readonly count: number
  readonly onGo?: () => void
}

const ViewLink = memo(function ViewLink({ classId, view, isShown, count, onGo }: ViewLinkProps) {
  const t = useTranslations('shell')
  const format = useFormatter()
  return (
    <a
      className="view-link"
      href={hrefOfClass({ id: classId, view: view.name })}
      aria-current={isShown ? 'page' : undefined}
      data-view={view.name}
      onClick={onGo}
    >
      <span className="view-sign">
        <Icon name={view.icon} />
        {count > 0 && (
          <span className="view-count">
            {format.number(count)}
            <span className="off-screen"> {t('waiting')}</span>
          </span>
        )}
      </span>
      <span className="view-name">{t(`views.${view.name}`)}</span>
    </a>
  )
})

function More({ children, isShown }: { readonly children: (close: () => void) => React.ReactNode; isShown: boolean }) {
  const t = useTranslations('shell')
  const [open, setOpen] = useState(false)
  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <Button className={`view-link ${isShown ? 'holds-shown' : ''}`}>
        <span className="view-sign">
          <Icon name="more" />
        </span>
        <span className="view-name">{t('more')}</span>
      </Button>
      <Popover className="popover" placement="top end">
        <Dialog className="dialog more-views" aria-label={t('navigation')}>
          {children(() => setOpen(false))}
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

/** The ways to the views of a class: a rail beside the page, on a phone a bar below it. */
export function Navigation({ classId, views, shown }: NavigationProps) {
  const t = useTranslations('shell')
  const isNarrow = useMedia('(max-width: 47.5em)')
  const seen = useMaybeSeen()
  const listed = views.filter(({ isUnlisted }) => isUnlisted === undefined)
  const link = (view: ClassView, onGo?: () => void) => (
    <ViewLink
      key={view.name}
      classId={classId}
      view={view}
      isShown={view.name === shown}
      count={seen && view.count ? view.count(seen.state) : 0}
      {...(onGo ? { onGo } : {})}
    />
  )
  if (listed.length < 2) return null
  const fits = !isNarrow || listed.length <= IN_BAR + 1
  const first = fits ? listed : listed.filter(({ inBar }) => inBar === true)
  const rest = listed.filter((view) => !first.includes(view))
  return (
    <nav className="navigation" aria-label={t('navigation')}>
      {first.map((view) => link(view))}
      {rest.length > 0 && (
        <More isShown={rest.some(({ name }) => name === shown)}>
          {(close) => rest.map((view) => link(view, close))}
        </More>
      )}
    </nav>
  )
}
