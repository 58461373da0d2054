-- Where students and teams stand on the plan of the room, in per cent. key: the student's id, or a keyed hash of the team's name.
-- version: counts the changes of the class, so that readers ask for what is new; x and y are null once something stands nowhere.
CREATE TABLE seats (
  class_id TEXT NOT NULL REFERENCES classes (id),
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  x REAL,
  y REAL,
  version INTEGER NOT NULL,
  PRIMARY KEY (class_id, kind, key)
);

CREATE INDEX seats_by_version ON seats (class_id, version);
