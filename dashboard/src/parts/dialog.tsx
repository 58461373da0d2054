import type { ReactNode } from 'react'
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { Icon } from './icons.tsx'

interface SheetProps {
  readonly title: string
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly children: ReactNode
  /** `side` comes in beside the page, `middle` stands on it. */
  readonly place?: 'middle' | 'side'
  readonly wide?: boolean
  /** Beside the title. */
  readonly extra?: ReactNode
}

/** A dialog with title and close button; Escape and a press outside close it. */
export function Sheet({ title, isOpen, onClose, children, place = 'middle', wide = false, extra }: SheetProps) {
  const t = useTranslations('app')
  return (
    <ModalOverlay
      className={`overlay ${place}`}
      isOpen={isOpen}
      isDismissable
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
    >
      <Modal className={`sheet ${place} ${wide ? 'wide' : ''}`}>
        <Dialog className="dialog">
          <header className="sheet-head">
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            {extra}
            <Button className="button icon-only" aria-label={t('close')} onPress={onClose}>
              <Icon name="close" />
            </Button>
          </header>
          <div className="sheet-body">{children}</div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
