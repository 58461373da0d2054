-- Names and addresses of students, apart from all else and sealed with the student's key. email_hash finds an address without telling it.
CREATE TABLE student_identities (
  class_id TEXT NOT NULL,
  student_id TEXT NOT NULL,
  sealed BLOB NOT NULL,
  email_hash TEXT,
  PRIMARY KEY (class_id, student_id),
  FOREIGN KEY (class_id, student_id) REFERENCES students (class_id, id)
);

CREATE UNIQUE INDEX student_identities_by_email ON student_identities (class_id, email_hash);

-- Every answer of a student to what may be collected; the last one holds.
CREATE TABLE consents (
  class_id TEXT NOT NULL,
  student_id TEXT NOT NULL,
  n INTEGER NOT NULL,
  at BIGINT NOT NULL,
  version INTEGER NOT NULL,
  sharing INTEGER NOT NULL,
  level INTEGER NOT NULL,
  -- Level that the class collected when it was answered.
  asked INTEGER NOT NULL,
  research INTEGER NOT NULL,
  PRIMARY KEY (class_id, student_id, n),
  FOREIGN KEY (class_id, student_id) REFERENCES students (class_id, id)
);

-- Who joined before consent was kept had been shown the level of the class.
INSERT INTO consents (class_id, student_id, n, at, version, sharing, level, asked, research)
  SELECT students.class_id, students.id, 1, students.joined_at, 1, 1, classes.level, classes.level, 0
  FROM students JOIN classes ON classes.id = students.class_id;

-- Days after its end that a class is kept; empty: as long as the server's setting says.
ALTER TABLE classes ADD COLUMN retention_days INTEGER;
-- When the data of a class was removed.
ALTER TABLE classes ADD COLUMN cleared_at BIGINT;

-- 1 when the install joined as a known student by address alone.
ALTER TABLE installs ADD COLUMN by_address INTEGER NOT NULL DEFAULT 0;
