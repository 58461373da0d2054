-- Sessions begin anew: their secret changes while they last, so they have an id of their own.
DROP TABLE sessions;

CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  -- The secret before the last renewal; previous_until is empty until the new one was used.
  previous_hash TEXT UNIQUE,
  previous_until BIGINT,
  user_id TEXT NOT NULL REFERENCES users (id),
  method TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_address TEXT NOT NULL,
  created_agent TEXT NOT NULL,
  seen_at BIGINT NOT NULL,
  seen_address TEXT NOT NULL,
  seen_agent TEXT NOT NULL,
  renewed_at BIGINT NOT NULL,
  confirmed_at BIGINT NOT NULL
);

CREATE INDEX sessions_of_user ON sessions (user_id);

-- Browsers in which a member of staff has signed in before.
CREATE TABLE known_devices (
  hash TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  seen_at BIGINT NOT NULL
);

CREATE INDEX known_devices_of_user ON known_devices (user_id);

ALTER TABLE users ADD COLUMN disabled_at BIGINT;

ALTER TABLE users ADD COLUMN signed_in_at BIGINT;

-- The secret is sealed; last_step is the last time step whose code was used.
CREATE TABLE totp (
  user_id TEXT PRIMARY KEY REFERENCES users (id),
  secret TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  confirmed_at BIGINT,
  last_step BIGINT NOT NULL
);

CREATE TABLE recovery_codes (
  user_id TEXT NOT NULL REFERENCES users (id),
  hash TEXT NOT NULL,
  PRIMARY KEY (user_id, hash)
);

CREATE TABLE passkeys (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id),
  name TEXT NOT NULL,
  public_key TEXT NOT NULL,
  counter BIGINT NOT NULL,
  transports TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  used_at BIGINT
);

CREATE INDEX passkeys_of_user ON passkeys (user_id);

-- Accounts elsewhere that a member of staff signs in with.
CREATE TABLE identities (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id),
  created_at BIGINT NOT NULL,
  PRIMARY KEY (issuer, subject)
);

CREATE INDEX identities_of_user ON identities (user_id);
