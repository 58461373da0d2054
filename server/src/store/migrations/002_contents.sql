-- What students wrote is sealed with a key for each. The events of one student that come together are sealed together:
-- n is the key of the first, and `data` of an event among them its distance from that. An event alone has its sealed bytes in
-- `data`; what is no text of the student's stays plain text there.
CREATE TABLE contents (
  n INTEGER PRIMARY KEY,
  student INTEGER NOT NULL,
  sealed BLOB NOT NULL
);
