-- Lessons of classes. began_by and ended_by are empty where the timetable or the clock did it; slot names an hour of the timetable on one day.
CREATE TABLE lessons (
  class_id TEXT NOT NULL REFERENCES classes (id),
  id TEXT NOT NULL,
  began_at BIGINT NOT NULL,
  -- When it ends by itself.
  until BIGINT NOT NULL,
  ended_at BIGINT,
  began_by TEXT,
  ended_by TEXT,
  slot TEXT,
  title TEXT,
  -- Names that the staff gave, as JSON.
  notebooks TEXT NOT NULL,
  PRIMARY KEY (class_id, id)
);

CREATE INDEX lessons_by_time ON lessons (class_id, began_at);
-- An hour of the timetable is held once, and a class has one lesson at a time.
CREATE UNIQUE INDEX lessons_by_slot ON lessons (class_id, slot);
CREATE UNIQUE INDEX lessons_open ON lessons (class_id) WHERE ended_at IS NULL;

-- Hours of the week: weekday from 1 (Monday), minutes after midnight by the clock of the class.
CREATE TABLE timetable (
  class_id TEXT NOT NULL REFERENCES classes (id),
  weekday INTEGER NOT NULL,
  begins INTEGER NOT NULL,
  ends INTEGER NOT NULL,
  PRIMARY KEY (class_id, weekday, begins)
);

ALTER TABLE classes ADD COLUMN time_zone TEXT;
-- Thresholds of attention of the class's own, as JSON.
ALTER TABLE classes ADD COLUMN own_rules TEXT;
ALTER TABLE classes ADD COLUMN archived_at BIGINT;
ALTER TABLE classes ADD COLUMN deletes_at BIGINT;
