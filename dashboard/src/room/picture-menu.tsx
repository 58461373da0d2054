import { useRef, useState } from 'react'
import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { Icon } from '../parts/icons.tsx'
import { ACCEPTED, type PictureChange } from './use-picture.ts'

interface PictureMenuProps {
  readonly change: PictureChange
  readonly hasPicture: boolean
}

/** Sets, replaces and removes the picture of the room. */
export function PictureMenu({ change, hasPicture }: PictureMenuProps) {
  const t = useTranslations('room')
  const [open, setOpen] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const act = (what: () => unknown) => () => {
    setOpen(false)
    what()
  }
  return (
    <>
      <DialogTrigger isOpen={open} onOpenChange={setOpen}>
        <Button className="button" {...(change.isWorking ? { 'aria-busy': true, isDisabled: true } : {})}>
          <Icon name="room" />
          {change.isWorking ? t('working') : t('picture')}
        </Button>
        <Popover className="popover" placement="bottom end">
          <Dialog className="dialog menu" aria-label={t('picture')}>
            <Button className="button quiet" onPress={act(() => input.current?.click())}>
              <Icon name="plus" />
              {hasPicture ? t('replace') : t('upload')}
            </Button>
            {hasPicture && (
              <Button className="button quiet" onPress={act(change.remove)}>
                <Icon name="close" />
                {t('remove')}
              </Button>
            )}
            {change.canUndo && (
              <Button className="button quiet" onPress={act(change.undo)}>
                <Icon name="undo" />
                {t('undoPicture')}
              </Button>
            )}
            <p className="muted small">{t('uploadText')}</p>
          </Dialog>
        </Popover>
      </DialogTrigger>
      <input
        ref={input}
        type="file"
        hidden
        accept={ACCEPTED}
        aria-label={t('upload')}
        onChange={({ target }) => {
          const [picture] = target.files ?? []
          target.value = ''
          if (picture) void change.set(picture)
        }}
      />
    </>
  )
}
