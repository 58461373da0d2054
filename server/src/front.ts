/**
 * Loads the code that speaks to clients. It is not imported above, so that the log's thread begins on another core before
 * the schemas, Fastify and the rest are read on this one.
 */
export async function loadFront() {
  const [
    { createAuth },
    { createHttp },
    { listen, closeHttp },
    { endWithProblem },
    { createHub },
    { createMetrics },
    { startMonitor },
    { startWebhooks },
    { watchParts },
    { startWork },
    { startFlags },
    { openWork },
    { startPrivacy },
    { startLessonRunner },
  ] = await Promise.all([
    import('./auth/auth.ts'),
    import('./http/server.ts'),
    import('./http/listener.ts'),
    import('./http/problems.ts'),
    import('./hub/hub.ts'),
    import('./monitor/metrics.ts'),
    import('./monitor/start.ts'),
    import('./monitor/webhooks.ts'),
    import('./monitor/watch-parts.ts'),
    import('./workers/start.ts'),
    import('./flags/start.ts'),
    import('./workers/work.ts'),
    import('./privacy/start.ts'),
    import('./lessons/lesson-runner.ts'),
  ])
  const http = { createHttp, listen, closeHttp, endWithProblem }
  const watching = { createMetrics, startMonitor, startWebhooks, watchParts }
  const behind = { startWork, startFlags, openWork, startPrivacy, startLessonRunner }
  return { ...http, ...watching, ...behind, createAuth, createHub }
}

/** What is loaded late, by name. */
export type Front = Awaited<ReturnType<typeof loadFront>>
