-- Whose users of the JupyterHub join without a code: `*`, or a JSON list of groups; null: nobody.
ALTER TABLE classes ADD COLUMN hub_door TEXT;
