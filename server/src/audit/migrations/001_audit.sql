-- Who did what. Entries are only added: each holds the hash of itself and of the one before it.

CREATE TABLE entries (
  n INTEGER PRIMARY KEY,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  class_id TEXT,
  target TEXT,
  details TEXT NOT NULL,
  hash TEXT NOT NULL
);

CREATE INDEX entries_of_class ON entries (class_id, n);
CREATE INDEX entries_of_target ON entries (target, n);
CREATE INDEX entries_of_actor ON entries (actor, n);

CREATE TRIGGER entries_stay BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END;
CREATE TRIGGER entries_remain BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'audit entries are never removed'); END;
