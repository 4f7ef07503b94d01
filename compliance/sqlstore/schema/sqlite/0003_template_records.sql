-- What an account's templates went through and neither the Graph API nor webhooks
-- tell again: what the app did with them (kind 'act', template.Acts), and what
-- Meta decided of their category beside what was predicted (kind 'outcome',
-- category.Outcomes). id is a digest of what may be there once.
CREATE TABLE waguard_template_record (
    scope   TEXT NOT NULL,
    kind    TEXT NOT NULL,
    id      TEXT NOT NULL,
    account TEXT NOT NULL,
    at      INTEGER NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (scope, kind, id)
) WITHOUT ROWID;
