-- The keys of what students wrote, each wrapped by the server's key. A destroyed one leaves its row, so that it is never made again.
-- student_id is empty in the key of a class.

CREATE TABLE keys (
  class_id TEXT NOT NULL,
  student_id TEXT NOT NULL,
  wrapped BLOB,
  PRIMARY KEY (class_id, student_id)
) WITHOUT ROWID;
