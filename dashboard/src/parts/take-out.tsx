import { useState } from 'react'
import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components'
import { useTranslations } from 'use-intl'
import { downloadCsv, downloadJson, recordsOf, type Table } from './download.ts'
import { Icon } from './icons.tsx'
import { printPart } from './print-part.ts'

interface TakeOutProps {
  /** What the files are called, e.g. the class and the view. */
  readonly name: string
  /** What is on the screen now. */
  readonly table: () => Table
  /** The same for programs, where the table does not say it all. */
  readonly json?: () => unknown
  /** Which part of the page is printed, by its `data-print`; the whole page otherwise. */
  readonly print?: string
}

/** Takes what is on the screen along: as CSV, as JSON, or on paper. */
export function TakeOut({ name, table, json, print }: TakeOutProps) {
  const t = useTranslations('takeOut')
  const [open, setOpen] = useState(false)
  const ways = {
    csv: () => downloadCsv(name, table()),
    json: () => downloadJson(name, json ? json() : recordsOf(table())),
    // Not while the menu covers what is printed.
    print: () => setTimeout(() => printPart(print)),
  }
  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <Button className="button take-out" aria-label={t('button')}>
        <Icon name="download" />
        <span className="wide-only">{t('button')}</span>
      </Button>
      <Popover className="popover" placement="bottom end">
        <Dialog className="dialog menu" aria-label={t('button')}>
          {(['csv', 'json', 'print'] as const).map((way) => (
            <Button
              key={way}
              className="button quiet"
              onPress={() => {
                setOpen(false)
                ways[way]()
              }}
            >
              {t(way)}
              <span className="muted small">{t(`${way}Text`)}</span>
            </Button>
          ))}
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}
