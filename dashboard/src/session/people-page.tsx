import { useState } from 'react'
import type { Person, PersonLink, StaffUser } from '@lectern/protocol'
import { Button } from 'react-aria-components'
import { useFormatter, useTranslations } from 'use-intl'
import { Answered, Sign } from '../system/parts.tsx'
import { CopyLine } from '../parts/copy-line.tsx'
import { Sheet } from '../parts/dialog.tsx'
import { TopBar } from '../parts/frame.tsx'
import { Icon } from '../parts/icons.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { staffApi } from './api.ts'
import { EditForm, InviteForm, RecoverForm } from './people-forms.tsx'
import { useChange, usePeople } from './queries.ts'
import '../styles/staff.css'

/** The link that was made, for who will hand it on. */
function LinkSheet({ made, onClose }: { readonly made: PersonLink; readonly onClose: () => void }) {
  const t = useTranslations('people')
  const format = useFormatter()
  const date = format.dateTime(made.expires, { dateStyle: 'medium', timeStyle: 'short' })
  return (
    <Sheet title={t('linkTitle', { name: made.person.name })} isOpen onClose={onClose} wide>
      <div className="form">
        <p>{t('linkText', { date })}</p>
        <CopyLine text={`${location.origin}${made.path}`} label={t('link')} />
        <div className="actions">
          <Button className="button primary" onPress={onClose}>
            {t('done')}
          </Button>
        </div>
      </div>
    </Sheet>
  )
}

/** What a sheet beside the list is about. */
type Open = { readonly is: 'invite' } | { readonly is: 'edit' | 'recover'; readonly person: Person }

function State({ person }: { readonly person: Person }) {
  const t = useTranslations('people')
  if (person.disabledAt !== undefined) return <Sign is="bad">{t('disabled')}</Sign>
  return person.waiting ? <Sign is="waiting">{t('waiting')}</Sign> : <Sign is="good">{t('active')}</Sign>
}

function Facts({ person }: { readonly person: Person }) {
  const t = useTranslations('people')
  const format = useFormatter()
  const seen =
    person.signedInAt === undefined
      ? t('never')
      : format.dateTime(person.signedInAt, { dateStyle: 'medium', timeStyle: 'short' })
  const facts = [
    `${t('lastSeen')}: ${seen}`,
    ...(person.secondFactor ? [t('secondFactor')] : []),
    ...(person.passkeys > 0 ? [t('passkeys', { n: person.passkeys })] : []),
  ]
  return <span className="muted small">{facts.join(' · ')}</span>
}

interface RowProps {
  readonly person: Person
  readonly isSelf: boolean
  readonly onOpen: (open: Open) => void
}

function Row({ person, isSelf, onOpen }: RowProps) {
  const t = useTranslations('people')
  const [undoable, setUndoable] = useState(false)
  const disable = useChange('people', () => staffApi.disablePerson(person.id))
  const enable = useChange('people', () => staffApi.editPerson(person.id, { disabled: false }))
  const { name, email, role, disabledAt } = person
  const error = disable.error ?? enable.error
  const isOff = disabledAt !== undefined
  return (
    <li className="staff-row" data-person={person.id}>
      <div>
        <strong>
          {name}
          {isSelf && <span className="tag">{t('you')}</span>}
        </strong>
        {email !== '' && <span className="muted">{email}</span>}
        <Facts person={person} />
      </div>
      <span className="staff-state">
        {t(`role_${role}`)}
        <State person={person} />
      </span>
      <div className="actions">
        {isOff ? (
          <Button
            className="button small-button"
            aria-label={`${undoable ? t('undo') : t('enable')}: ${name}`}
            isDisabled={enable.isPending}
            onPress={() => enable.mutate(undefined, { onSuccess: () => setUndoable(false) })}
          >
            {undoable && <Icon name="undo" />}
            {undoable ? t('undo') : t('enable')}
          </Button>
        ) : (
          <>
            <Button
              className="button small-button"
              aria-label={`${t('edit')}: ${name}`}
              onPress={() => onOpen({ is: 'edit', person })}
            >
              {t('edit')}
            </Button>
            <Button
              className="button small-button"
              aria-label={`${t('recover')}: ${name}`}
              onPress={() => onOpen({ is: 'recover', person })}
            >
              {t('recover')}
            </Button>
            {!isSelf && (
              <Button
                className="button small-button"
                aria-label={`${t('disable')}: ${name}`}
                isDisabled={disable.isPending}
                onPress={() => disable.mutate(undefined, { onSuccess: () => setUndoable(true) })}
              >
                {t('disable')}
              </Button>
            )}
          </>
        )}
      </div>
      {isOff && undoable && (
        <p className="muted staff-note" role="status">
          {t('disabledNow', { name })}
        </p>
      )}
      {error && <ProblemNote error={error} />}
    </li>
  )
}

interface SheetsProps {
  readonly open: Open | undefined
  readonly onClose: () => void
  readonly onLink: (made: PersonLink) => void
}

function Sheets({ open, onClose, onLink }: SheetsProps) {
  const t = useTranslations('people')
  if (!open) return null
  if (open.is === 'invite') {
    return (
      <Sheet title={t('invite')} isOpen onClose={onClose}>
        <InviteForm onLink={onLink} />
      </Sheet>
    )
  }
  const { person } = open
  const isEdit = open.is === 'edit'
  return (
    <Sheet title={t(isEdit ? 'editTitle' : 'recoverTitle', { name: person.name })} isOpen onClose={onClose}>
      {isEdit ? <EditForm person={person} onDone={onClose} /> : <RecoverForm person={person} onLink={onLink} />}
    </Sheet>
  )
}

function Staff({ user }: { readonly user: StaffUser }) {
  const t = useTranslations('people')
  const query = usePeople()
  const [open, setOpen] = useState<Open>()
  const [made, setMade] = useState<PersonLink>()
  const onLink = (link: PersonLink) => {
    setOpen(undefined)
    setMade(link)
  }
  return (
    <>
      <TopBar title={t('title')}>
        <Button className="button primary" onPress={() => setOpen({ is: 'invite' })}>
          <Icon name="plus" />
          {t('invite')}
        </Button>
      </TopBar>
      <main id="main" className="page people-page" tabIndex={-1}>
        <section className="card staff-card" aria-label={t('title')}>
          <Answered query={query}>
            {({ people }) => (
              <ul className="staff-rows">
                {people.map((person) => (
                  <Row key={person.id} person={person} isSelf={person.id === user.id} onOpen={setOpen} />
                ))}
              </ul>
            )}
          </Answered>
        </section>
      </main>
      <Sheets open={open} onClose={() => setOpen(undefined)} onLink={onLink} />
      {made && <LinkSheet made={made} onClose={() => setMade(undefined)} />}
    </>
  )
}

/** The staff, for administrators. */
export function PeoplePage({ user }: { readonly user: StaffUser }) {
  const t = useTranslations('people')
  if (user.role === 'admin') return <Staff user={user} />
  return (
    <>
      <TopBar title={t('title')} />
      <main id="main" className="page" tabIndex={-1}>
        <p className="card empty">{t('needsAdmin')}</p>
      </main>
    </>
  )
}
