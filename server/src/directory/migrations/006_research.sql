-- From it the pseudonyms of one researcher's exports of one class are made; user_id is `script` for the administrator's token.
CREATE TABLE research_secrets (
  class_id TEXT NOT NULL REFERENCES classes (id),
  user_id TEXT NOT NULL,
  secret TEXT NOT NULL,
  PRIMARY KEY (class_id, user_id)
);
