-- Which student a user of the JupyterHub is. hub_hash finds a name without telling it.
CREATE TABLE hub_students (
  class_id TEXT NOT NULL,
  hub_hash TEXT NOT NULL,
  student_id TEXT NOT NULL,
  PRIMARY KEY (class_id, hub_hash),
  FOREIGN KEY (class_id, student_id) REFERENCES students (class_id, id)
);

CREATE INDEX hub_students_of_student ON hub_students (class_id, student_id);
