-- The tables of every store, for PostgreSQL.
--
-- scope is the first column of every key: one database can serve many
-- businesses, and nothing of one is ever read for another. Text compares byte
-- for byte (COLLATE "C"). Times are microseconds since 1970, UTC. body is JSON in
-- the form of the Go type it holds, as text: jsonb would not give its bytes back.

-- What the database keeps for itself. 'key': 32 random bytes, made on first
-- open, for prints, digests and tickets.
CREATE TABLE waguard_secret (
    scope TEXT COLLATE "C" NOT NULL,
    name  TEXT COLLATE "C" NOT NULL,
    value BYTEA NOT NULL,
    PRIMARY KEY (scope, name)
);

-- optin.Store: the ids of all events, so that each is stored once.
CREATE TABLE waguard_consent_id (
    scope TEXT COLLATE "C" NOT NULL,
    id    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (scope, id)
);

-- Every event, whole, under each of its handles: what is on record about a
-- person is one stretch of the table, in order. Before it stands the handle's
-- own row, with an empty id and the smallest at: its version says how often what
-- is on record changed (events have 0 there). A flight is entered with the sum
-- of the versions that was seen. Once somebody was erased there is one more such
-- row, of the empty handle: its version is added to that of every handle, known
-- or not, so that no version comes back with the rows that are gone. Its body is
-- 'kept' once there is a row in waguard_suppressed.
CREATE TABLE waguard_consent (
    scope   TEXT COLLATE "C" NOT NULL,
    scheme  TEXT COLLATE "C" NOT NULL,
    value   TEXT COLLATE "C" NOT NULL,
    at      BIGINT NOT NULL,
    id      TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (scope, scheme, value, at, id)
);

-- What is kept of people who were erased: a keyed digest in hex, never the
-- handle.
CREATE TABLE waguard_suppressed (
    scope    TEXT COLLATE "C" NOT NULL,
    digest   TEXT COLLATE "C" NOT NULL,
    at       BIGINT NOT NULL,
    switched BOOLEAN NOT NULL,
    actor    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (scope, digest)
);

-- Messages under way.
CREATE TABLE waguard_flight (
    scope   TEXT COLLATE "C" NOT NULL,
    id      TEXT COLLATE "C" NOT NULL,
    expires BIGINT NOT NULL,
    body    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (scope, id)
);

CREATE TABLE waguard_flight_handle (
    scope  TEXT COLLATE "C" NOT NULL,
    scheme TEXT COLLATE "C" NOT NULL,
    value  TEXT COLLATE "C" NOT NULL,
    id     TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (scope, scheme, value, id)
);

-- window.Store: the marks that can still matter, under each handle of the
-- person, or with an empty scheme under the group. handles is the JSON list of
-- all handles, empty where this one is the only one.
CREATE TABLE waguard_mark (
    scope    TEXT COLLATE "C" NOT NULL,
    number   TEXT COLLATE "C" NOT NULL,
    scheme   TEXT COLLATE "C" NOT NULL,
    value    TEXT COLLATE "C" NOT NULL,
    id       TEXT COLLATE "C" NOT NULL,
    kind     BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    received BIGINT NOT NULL,
    account  TEXT COLLATE "C" NOT NULL,
    handles  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (scope, number, scheme, value, id)
);

-- party.Links: the ids of joins; each set of handles once, with the youngest
-- join of it (at) and whether the handle still belongs (live: nobody moved away
-- from it since); and the moves.
CREATE TABLE waguard_join_id (
    scope TEXT COLLATE "C" NOT NULL,
    id    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (scope, id)
);

CREATE TABLE waguard_bond (
    scope  TEXT COLLATE "C" NOT NULL,
    scheme TEXT COLLATE "C" NOT NULL,
    value  TEXT COLLATE "C" NOT NULL,
    bond   TEXT COLLATE "C" NOT NULL,
    at     BIGINT NOT NULL,
    live   BIGINT NOT NULL,
    PRIMARY KEY (scope, scheme, value, bond)
);

CREATE INDEX waguard_bond_members ON waguard_bond (scope, bond);

CREATE TABLE waguard_move (
    scope      TEXT COLLATE "C" NOT NULL,
    id         TEXT COLLATE "C" NOT NULL,
    scheme     TEXT COLLATE "C" NOT NULL,
    from_value TEXT COLLATE "C" NOT NULL,
    to_value   TEXT COLLATE "C" NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (scope, id)
);

CREATE INDEX waguard_move_from ON waguard_move (scope, scheme, from_value, at);
CREATE INDEX waguard_move_to ON waguard_move (scope, scheme, to_value);

-- template.Catalog: the youngest definition of each template, and the news.
-- digest is SHA-256 of the news, so that a repeat is stored once.
CREATE TABLE waguard_template (
    scope    TEXT COLLATE "C" NOT NULL,
    name     TEXT COLLATE "C" NOT NULL,
    language TEXT COLLATE "C" NOT NULL,
    account  TEXT COLLATE "C" NOT NULL,
    id       TEXT COLLATE "C" NOT NULL,
    at       BIGINT NOT NULL,
    body     TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (scope, name, language, account)
);

CREATE TABLE waguard_template_news (
    scope    TEXT COLLATE "C" NOT NULL,
    digest   TEXT COLLATE "C" NOT NULL,
    template TEXT COLLATE "C" NOT NULL,
    name     TEXT COLLATE "C" NOT NULL,
    language TEXT COLLATE "C" NOT NULL,
    at       BIGINT NOT NULL,
    body     TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (scope, digest)
);

CREATE INDEX waguard_template_news_id ON waguard_template_news (scope, template);
CREATE INDEX waguard_template_news_name ON waguard_template_news (scope, name, language);

-- compliance.AccountStore.
CREATE TABLE waguard_account_news (
    scope   TEXT COLLATE "C" NOT NULL,
    id      TEXT COLLATE "C" NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    number  TEXT COLLATE "C" NOT NULL,
    at      BIGINT NOT NULL,
    body    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (scope, id)
);

CREATE INDEX waguard_account_news_of ON waguard_account_news (scope, account, number);

-- journal.Journal: one chain per writer. Rows are only ever added.
CREATE TABLE waguard_journal (
    scope  TEXT COLLATE "C" NOT NULL,
    writer TEXT COLLATE "C" NOT NULL,
    seq    BIGINT NOT NULL,
    prev   TEXT COLLATE "C" NOT NULL,
    hash   TEXT COLLATE "C" NOT NULL,
    id     TEXT COLLATE "C" NOT NULL,
    at     BIGINT NOT NULL,
    kind   TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    body   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (scope, writer, seq)
);
