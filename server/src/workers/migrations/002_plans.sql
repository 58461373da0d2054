-- The picture of a class's room: what was uploaded, made anew as WebP.

CREATE TABLE plans (
  class_id TEXT PRIMARY KEY,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  webp BLOB NOT NULL,
  changed_at BIGINT NOT NULL
);
