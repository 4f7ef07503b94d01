-- What an account's templates went through and neither the Graph API nor webhooks
-- tell again: what the app did with them (kind 'act', template.Acts), and what
-- Meta decided of their category beside what was predicted (kind 'outcome',
-- category.Outcomes). id is a digest of what may be there once.
CREATE TABLE waguard_template_record (
    scope   TEXT COLLATE "C" NOT NULL,
    kind    TEXT COLLATE "C" NOT NULL,
    id      TEXT COLLATE "C" NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    at      BIGINT NOT NULL,
    body    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (scope, kind, id)
);
