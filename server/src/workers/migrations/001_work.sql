-- Jobs, and what follows the log: cursors and roll-ups.

CREATE TABLE jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  -- Two jobs with the same key are one while the first is not done.
  key TEXT,
  payload TEXT NOT NULL,
  state TEXT NOT NULL,
  priority INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  max_attempts INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  started_at BIGINT,
  ended_at BIGINT,
  reason TEXT,
  result TEXT
);

CREATE INDEX jobs_due ON jobs (state, priority DESC, due_at, id);
CREATE UNIQUE INDEX jobs_key ON jobs (key) WHERE key IS NOT NULL AND state IN ('waiting', 'running');

-- How far each follower of the log has come; written in the transaction of what it made of the events.
CREATE TABLE cursors (
  runner TEXT NOT NULL,
  class_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (runner, class_id)
);

CREATE TABLE minute_rollups (
  class_id TEXT NOT NULL,
  minute BIGINT NOT NULL,
  events INTEGER NOT NULL,
  runs INTEGER NOT NULL,
  errors INTEGER NOT NULL,
  help INTEGER NOT NULL,
  PRIMARY KEY (class_id, minute)
);

-- Students by minute, so that one who comes again in a later batch counts once.
CREATE TABLE minute_students (
  class_id TEXT NOT NULL,
  minute BIGINT NOT NULL,
  student TEXT NOT NULL,
  PRIMARY KEY (class_id, minute, student)
);

CREATE TABLE cell_rollups (
  class_id TEXT NOT NULL,
  notebook TEXT NOT NULL,
  cell TEXT NOT NULL,
  student TEXT NOT NULL,
  runs INTEGER NOT NULL,
  errors INTEGER NOT NULL,
  duration_ms BIGINT NOT NULL,
  -- 1 once a run ended well.
  done INTEGER NOT NULL,
  first_at BIGINT NOT NULL,
  PRIMARY KEY (class_id, notebook, cell, student)
);
