-- Administrative data. Times are milliseconds since the epoch. Keys of class tables lead with the class.
CREATE TABLE users (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT UNIQUE,
  role TEXT NOT NULL,
  password TEXT,
  created_at BIGINT NOT NULL
);

CREATE TABLE sessions (
  hash TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  by_link INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL
);

-- user_id is empty in the link of a server without an administrator.
CREATE TABLE sign_in_links (
  hash TEXT PRIMARY KEY,
  user_id TEXT REFERENCES users (id),
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);

CREATE TABLE classes (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  level INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT,
  ended_at BIGINT
);

CREATE TABLE class_rights (
  class_id TEXT NOT NULL REFERENCES classes (id),
  user_id TEXT NOT NULL REFERENCES users (id),
  granted TEXT NOT NULL,
  PRIMARY KEY (class_id, user_id)
);

CREATE INDEX class_rights_of_user ON class_rights (user_id);

CREATE TABLE join_codes (
  code TEXT PRIMARY KEY,
  class_id TEXT NOT NULL REFERENCES classes (id),
  created_at BIGINT NOT NULL
);

CREATE INDEX join_codes_of_class ON join_codes (class_id);

CREATE TABLE students (
  class_id TEXT NOT NULL REFERENCES classes (id),
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  email TEXT,
  team TEXT,
  joined_at BIGINT NOT NULL,
  PRIMARY KEY (class_id, id)
);

CREATE UNIQUE INDEX students_by_email ON students (class_id, email);

CREATE TABLE installs (
  class_id TEXT NOT NULL,
  install TEXT NOT NULL,
  student_id TEXT NOT NULL,
  PRIMARY KEY (class_id, install),
  FOREIGN KEY (class_id, student_id) REFERENCES students (class_id, id)
);

CREATE TABLE tokens (
  hash TEXT PRIMARY KEY,
  class_id TEXT NOT NULL,
  student_id TEXT NOT NULL,
  install TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  revoked_at BIGINT,
  FOREIGN KEY (class_id, student_id) REFERENCES students (class_id, id)
);

CREATE INDEX tokens_of_student ON tokens (class_id, student_id);
