import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

/** Without a live socket, answers are asked for again so often. */
const POLL_MS = 10_000
/** While something is under way. */
const BUSY_POLL_MS = 1_000

/** Names of the parts whose answers are kept; a pulse says which have changed. */
export type Part = 'services' | 'sockets' | 'routes' | 'jobs' | 'flags' | 'monitor' | 'report' | 'privacy'

/** Key of a part's answers. */
export const keyOf = (part: Part, ...more: string[]) => ['system', part, ...more]

/** An answer of the system, asked again now and then. */
export function usePart<T>(
  part: Part,
  ask: () => Promise<T>,
  options: { more?: string; busy?: (data: T) => boolean } = {},
) {
  const { more, busy } = options
  return useQuery({
    queryKey: more === undefined ? keyOf(part) : keyOf(part, more),
    queryFn: ask,
    refetchInterval: ({ state }) => (state.data !== undefined && busy?.(state.data) ? BUSY_POLL_MS : POLL_MS),
  })
}

/** An act on the system; the part it changes is asked for again. */
export function useAct<Input = void, Output = unknown>(part: Part, act: (input: Input) => Promise<Output>) {
  const client = useQueryClient()
  return useMutation({ mutationFn: act, onSettled: () => client.invalidateQueries({ queryKey: keyOf(part) }) })
}
