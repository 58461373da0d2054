-- A code may end, be limited to so many students, or belong to one student of the roster.
ALTER TABLE join_codes ADD COLUMN expires_at BIGINT;

ALTER TABLE join_codes ADD COLUMN max_uses INTEGER;

ALTER TABLE join_codes ADD COLUMN uses INTEGER NOT NULL DEFAULT 0;

ALTER TABLE join_codes ADD COLUMN student_id TEXT;

CREATE INDEX join_codes_of_student ON join_codes (class_id, student_id);
