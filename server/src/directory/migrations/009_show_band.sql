-- 1 where students are shown where the class is, next to their own progress.
ALTER TABLE classes ADD COLUMN show_band INTEGER NOT NULL DEFAULT 0;
