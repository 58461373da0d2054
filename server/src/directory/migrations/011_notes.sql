-- What the staff noted about students, sealed with the student's key.
CREATE TABLE student_notes (
  class_id TEXT NOT NULL REFERENCES classes (id),
  student_id TEXT NOT NULL,
  id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  -- Empty where a script wrote it.
  user_id TEXT,
  sealed BLOB NOT NULL,
  PRIMARY KEY (class_id, student_id, id)
);

-- Notebooks as they were handed out; cells as JSON.
CREATE TABLE handouts (
  class_id TEXT NOT NULL REFERENCES classes (id),
  notebook TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  cells TEXT NOT NULL,
  PRIMARY KEY (class_id, notebook)
);
