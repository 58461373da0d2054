const AT = 1_775_782_801_000
const INSTALL = '0192f0c1-7b1a-7c3e-9d55-0a1b2c3d4e5f'
const CLASS = {
  id: 'c_2yfntah9p1q7h5ky',
  name: 'Python, Monday',
  level: 2,
  role: 'instructor',
  createdAt: AT,
  students: 24,
  retentionDays: 180,
  showBand: false,
}
const CODE = { code: 'KMPR-4T7W', createdAt: AT, uses: 12, expiresAt: AT + 86_400_000, maxUses: 30 }

const EVENT = {
  id: '0192f0c1-7b1a-7000-8000-000000000001',
  install: INSTALL,
  seq: 1,
  type: 'cell_executed',
  at: '2026-04-10T01:00:01.000Z',
  notebook: { id: 'python-basics', path: 'lessons/python-basics.ipynb' },
  cell: { id: 'ex-03', index: 7, type: 'code' },
  data: { status: 'error', durationMs: 12, errorName: 'NameError', errorMessage: "name 'totl' is not defined" },
}

const MESSAGE = {
  kind: 'hint',
  text: 'Look at the name once more.',
  notebook: EVENT.notebook,
  cell: EVENT.cell,
}

const USER = { id: 'u_9h2k', name: 'Aiko Mori', email: 'aiko@school.example', role: 'instructor', passwordSet: true }

/** Examples of what is sent and answered, by the name of the schema. */
export const EXAMPLES: Readonly<Record<string, unknown>> = {
  BatchResult: { results: [{ id: EVENT.id, status: 'stored' }], ackedThrough: 1 },
  ClassEdit: { level: 3 },
  ClassInfo: CLASS,
  ClassList: { classes: [CLASS] },
  EventBatch: { events: [EVENT] },
  FlagEdit: { shares: { standard: 90, patient: 10 } },
  JoinAnswer: {
    token: 'uJ0b4hVd5x3Wm2Qy8cTzR1nLk6PfGs7a9EiOoXwBvKM',
    class: { id: CLASS.id, name: CLASS.name },
    student: 's_7c1v9m2k',
    level: 2,
    consent: { version: 1, level: 2, sharing: true },
  },
  JoinCode: CODE,
  JoinCodeList: { codes: [CODE] },
  JoinRequest: { code: CODE.code, install: INSTALL, name: 'Ken Sato', team: 'Row 2' },
  HelperList: { helpers: [{ id: USER.id, name: USER.name }] },
  HelpFigures: {
    from: AT,
    resolved: 7,
    withdrawn: 2,
    waitMedianMs: 95_000,
    by: [{ user: USER.id, claimed: 6, resolved: 7, helpingMs: 840_000 }],
  },
  NewMessage: { to: { group: 'e1f00' }, ...MESSAGE, resolves: true },
  NewMessageAnswer: { id: 'm_4x8v2k', to: 12 },
  OwnMessages: { messages: [{ id: 'm_4x8v2k', at: AT, from: USER.name, ...MESSAGE, state: 'sent' }] },
  OwnProgress: {
    notebooks: [{ notebook: EVENT.notebook, cells: [{ cell: EVENT.cell, state: 'failing' }] }],
    band: { done: { low: 4, middle: 7, high: 9 }, students: 24 },
  },
  NewClass: { name: CLASS.name, level: CLASS.level },
  NewCode: { expiresInMs: 86_400_000, maxUses: 30 },
  NewStudents: { students: [{ name: 'Ken Sato', email: 'ken@school.example', team: 'Row 2' }], codes: true },
  NewLesson: { title: 'Loops', notebooks: ['week-3.ipynb'], until: AT + 5_400_000 },
  ClassCopy: { name: 'Python, Tuesday', roster: true },
  StudentEdit: { name: 'Ken Sato', team: 'Row 3' },
  Timetable: { zone: 'Asia/Tokyo', slots: [{ weekday: 1, begins: '09:00', ends: '10:30' }] },
  NewJob: { kind: 'export', class: CLASS.id },
  Problem: {
    type: 'urn:lectern:error:rate_limited',
    title: 'Too many requests',
    status: 429,
    code: 'rate_limited',
    detail: 'At most 1200 requests of this kind are taken in 60 s.',
    action: 'Wait as long as Retry-After says.',
    instance: '5f1c09ab-2q',
  },
  Roster: { students: [{ id: 's_7c1v9m2k', name: 'Ken Sato', team: 'Row 2', joinedAt: AT }] },
  RunningEdit: { running: true },
  AlertEdit: { muteMinutes: 60 },
  SessionAnswer: { user: USER, method: 'password', expires: AT + 43_200_000, at: AT },
  SignInRequest: { email: USER.email, password: 'a long sentence to remember' },
  TicketAnswer: { ticket: 'Yb2u1PqF0tJd7sWc', expires: AT + 30_000 },
}
