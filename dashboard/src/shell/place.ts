import { useCallback, useMemo } from 'react'
import { FIRST_VIEW, goTo, hrefOfClass, readRoute, useFragment, type ClassPlace, type Query } from '../app/route.ts'

/** Where one is in the class `id`: the view, and what it is narrowed to. */
export function usePlace(id: string): ClassPlace {
  const fragment = useFragment()
  return useMemo(() => {
    const route = readRoute(fragment)
    return route.page === 'class' && route.id === id ? route : { id, view: FIRST_VIEW, query: {} }
  }, [fragment, id])
}

/** Address of the same view with other members of the query; an empty one is taken out. */
export function hrefWith(place: ClassPlace, change: Query): string {
  return hrefOfClass({ ...place, query: { ...place.query, ...change } })
}

/** Changes the query of the view that is shown; no step for the back button. */
export function useNarrow(id: string): (change: Query) => void {
  const place = usePlace(id)
  return useCallback((change) => goTo(hrefWith(place, change), { replace: true }), [place])
}

/** Gives the address that opens a student beside the view that is shown. The function stays the same while one stays there. */
export function useStudentHref(id: string): (student: string) => string {
  const base = hrefWith(usePlace(id), { student: '' })
  return useCallback((student) => `${base}${base.includes('?') ? '&' : '?'}${new URLSearchParams({ student })}`, [base])
}
