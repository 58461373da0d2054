import { memo } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { KINDS, type Counts } from '../class/kinds.ts'
import { useReason } from '../class/use-reason.ts'
import { Icon, KindBadge } from '../parts/icons.tsx'
import { Tile } from '../wall/tile.tsx'
import type { Team } from './teams.ts'

interface TeamCardProps {
  readonly team: Team
  readonly isOpen: boolean
  readonly onToggle: (team: string) => void
  /** Gives the address that opens a student. */
  readonly hrefOf: (student: string) => string
  /** The server's clock, ms, in coarse steps. */
  readonly clock: number
}

function Parts({ counts }: { readonly counts: Counts }) {
  const kinds = useTranslations('kind')
  const format = useFormatter()
  const present = KINDS.filter((kind) => counts[kind] > 0)
  return (
    <>
      <span className="team-bar" aria-hidden="true">
        {present.map((kind) => (
          <span key={kind} className={`proportion kind-${kind}`} style={{ flexGrow: counts[kind] }} />
        ))}
      </span>
      <span className="team-counts">
        {present.map((kind) => (
          <span key={kind} className={`team-count kind-${kind}`} title={kinds(kind)}>
            <Icon name={kind} />
            {format.number(counts[kind])}
            <span className="off-screen"> {kinds(kind)}, </span>
          </span>
        ))}
      </span>
    </>
  )
}

/** Who of the team needs somebody most, and why. */
function First({ team, clock }: Pick<TeamCardProps, 'team' | 'clock'>) {
  const t = useTranslations('wall')
  const reason = useReason({ isBrief: true })
  const [first] = team.rows
  if (!first || !['help', 'stuck', 'failing'].includes(first.phase.kind)) {
    return <span className="team-first muted">{t('teamCalm')}</span>
  }
  return (
    <span className={`team-first kind-${first.phase.kind}`}>
      <strong>{first.name}</strong> <span className="tile-reason">{reason(first.phase, clock)}</span>
    </span>
  )
}

/** One team: how it is, who of it needs somebody, and, opened, everyone. */
export const TeamCard = memo(function TeamCard({ team, isOpen, onToggle, hrefOf, clock }: TeamCardProps) {
  const t = useTranslations('wall')
  const name = team.id === '' ? t('noTeam') : team.id
  return (
    <li className={`card team kind-${team.phase.kind} ${isOpen ? 'is-open' : ''}`} data-team={team.id}>
      <button type="button" className="team-head" aria-expanded={isOpen} onClick={() => onToggle(team.id)}>
        <KindBadge kind={team.phase.kind} />
        <span className="team-name">{name}</span>
        <span className="team-size">{t('teamSize', { n: team.rows.length })}</span>
        <Parts counts={team.counts} />
        <First team={team} clock={clock} />
        <Icon name="next" className="team-sign" />
      </button>
      {isOpen && (
        <ul className="team-rows" aria-label={t('teamOf', { name })}>
          {team.rows.map((row) => (
            <li key={row.id}>
              <Tile row={row} shape="small" hrefOf={hrefOf} clock={clock} isTabStop />
            </li>
          ))}
        </ul>
      )}
    </li>
  )
})
