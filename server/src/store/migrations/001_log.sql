-- The log. Rows are lean: whatever repeats (students, installs, types, sessions, notebooks, cells) is a number of `terms`,
-- ids are 16 bytes, times are distances from `received`.

CREATE TABLE classes (
  n INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  top INTEGER NOT NULL,
  -- Last offset that the rows of `installs` speak of; what comes after is read again at start.
  installs_at INTEGER NOT NULL
);

CREATE TABLE terms (
  n INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
);

-- n = class * 2^36 + offset, so that a class is one contiguous run of rows.
CREATE TABLE events (
  n INTEGER PRIMARY KEY,
  student INTEGER NOT NULL,
  id BLOB NOT NULL,
  install INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  type INTEGER NOT NULL,
  received INTEGER NOT NULL,
  -- received - time, in ms.
  lag INTEGER NOT NULL,
  -- The client's clock: an integer, its distance from time in ms; else the text as it was written.
  at,
  clock_off INTEGER,
  session INTEGER,
  notebook INTEGER,
  cell INTEGER,
  data TEXT
);

-- By id first: UUIDv7 ids of all students grow at one end of the index, whatever the student.
CREATE UNIQUE INDEX events_id ON events (id, student);

CREATE TABLE installs (
  student INTEGER NOT NULL,
  install INTEGER NOT NULL,
  settled TEXT NOT NULL,
  PRIMARY KEY (student, install)
) WITHOUT ROWID;

-- Sequence numbers of refused events that `installs` does not hold yet.
CREATE TABLE refused (
  student INTEGER NOT NULL,
  install INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (student, install, seq)
) WITHOUT ROWID;

-- Events with a known id and other content.
CREATE TABLE conflicts (
  n INTEGER PRIMARY KEY,
  class INTEGER NOT NULL,
  first INTEGER NOT NULL,
  event TEXT NOT NULL
);

CREATE TABLE checkpoints (
  class INTEGER NOT NULL,
  version TEXT NOT NULL,
  top INTEGER NOT NULL,
  state BLOB NOT NULL,
  PRIMARY KEY (class, version)
) WITHOUT ROWID;
