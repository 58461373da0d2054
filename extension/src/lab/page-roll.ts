const NAME = 'lectern-pages'
const ANSWER_MS = 1_000

/** Says which pages of this browser live: whose runs are theirs to tell. */
export interface PageRoll {
  /** True for pages that live, this one included. */
  call(): Promise<(page: string) => boolean>
}

/** Each page holds a lock of its own name as long as it lives. */
function rollByLocks(locks: LockManager, page: string): PageRoll {
  void locks.request(`${NAME}-${page}`, () => new Promise(() => {})).catch(() => undefined)
  return {
    async call() {
      const { held = [] } = await locks.query()
      const names = new Set(held.map(({ name }) => name))
      return (other) => other === page || names.has(`${NAME}-${other}`)
    },
  }
}

/** Pages over plain http have no locks: who lives answers. */
function rollByCalling(page: string): PageRoll {
  const channel = new BroadcastChannel(NAME)
  const here = new Set([page])
  channel.addEventListener('message', ({ data }: MessageEvent<{ here?: string }>) => {
    if (data.here === undefined) channel.postMessage({ here: page })
    else here.add(data.here)
  })
  return {
    async call() {
      channel.postMessage({})
      await new Promise((resolve) => setTimeout(resolve, ANSWER_MS))
      return (other) => here.has(other)
    },
  }
}

/** Puts this page on the roll. */
export function joinPageRoll(page: string): PageRoll {
  const locks = navigator.locks as LockManager | undefined
  return locks ? rollByLocks(locks, page) : rollByCalling(page)
}
