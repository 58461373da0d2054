import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { AttentionRules, ClassCopy, ClassInfo, ClassRules, ClassRulesEdit, RulesOutcome } from '@lectern/protocol'
import { call, classPath } from '../http/api.ts'
import { KEYS } from '../http/queries.ts'

const rulesKey = (id: string) => ['rules', id]
/** A trial that takes longer is asked for again so often at most. */
const MOST_ASKED = 30

export function useRules(id: string) {
  return useQuery({ queryKey: rulesKey(id), queryFn: () => call<ClassRules>('GET', `${classPath(id)}/rules`) })
}

export function useSetRules(id: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: ClassRulesEdit) => call<ClassRules>('PUT', `${classPath(id)}/rules`, { body }),
    onSuccess: (answer) => client.setQueryData(rulesKey(id), answer),
  })
}

/** Asks until the trial is done: while it goes on the server answers with nothing. */
async function tryRules(id: string, rules: readonly AttentionRules[]): Promise<RulesOutcome> {
  for (let asked = 0; asked < MOST_ASKED; asked += 1) {
    const answer = await call<Partial<RulesOutcome>>('POST', `${classPath(id)}/rules/preview`, { body: { rules } })
    if (answer.outcomes) return answer as RulesOutcome
  }
  throw new Error('The trial takes too long.')
}

/** What rules would have shown in the last lesson. */
export function useRulesTrial(id: string, rules: readonly AttentionRules[]) {
  return useQuery({
    queryKey: [...rulesKey(id), 'trial', rules],
    queryFn: () => tryRules(id, rules),
    // What was there stays until the next is known.
    placeholderData: (before: RulesOutcome | undefined) => before,
    staleTime: 60_000,
    retry: false,
  })
}

/** Copying, deleting and bringing back a class. */
export function useClassLife(id: string) {
  const client = useQueryClient()
  const onSuccess = (info: ClassInfo) => {
    client.setQueryData(KEYS.one(info.id), info)
    return client.invalidateQueries({ queryKey: KEYS.classes })
  }
  const copy = useMutation({
    mutationFn: (body: ClassCopy) => call<ClassInfo>('POST', `${classPath(id)}/copy`, { body }),
    onSuccess,
  })
  const archive = useMutation({
    mutationFn: (archived: boolean) => call<ClassInfo>('PATCH', classPath(id), { body: { archived } }),
    onSuccess,
  })
  const remove = useMutation({ mutationFn: () => call<ClassInfo>('DELETE', classPath(id)), onSuccess })
  return { copy, archive, remove }
}
