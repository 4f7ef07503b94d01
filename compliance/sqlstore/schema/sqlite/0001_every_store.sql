-- The tables of every store, for SQLite.
--
-- scope is the first column of every key: one database can serve many
-- businesses, and nothing of one is ever read for another. Text compares byte
-- for byte (BINARY, SQLite's default). Times are microseconds since 1970, UTC.
-- body is JSON in the form of the Go type it holds.

-- What the database keeps for itself. 'key': 32 random bytes, made on first
-- open, for prints, digests and tickets.
CREATE TABLE waguard_secret (
    scope TEXT NOT NULL,
    name  TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (scope, name)
) WITHOUT ROWID;

-- optin.Store: the ids of all events, so that each is stored once.
CREATE TABLE waguard_consent_id (
    scope TEXT NOT NULL,
    id    TEXT NOT NULL,
    PRIMARY KEY (scope, id)
) WITHOUT ROWID;

-- Every event, whole, under each of its handles: what is on record about a
-- person is one stretch of the table, in order. Before it stands the handle's
-- own row, with an empty id and the smallest at: its version says how often what
-- is on record changed (events have 0 there). A flight is entered with the sum
-- of the versions that was seen. Once somebody was erased there is one more such
-- row, of the empty handle: its version is added to that of every handle, known
-- or not, so that no version comes back with the rows that are gone. Its body is
-- 'kept' once there is a row in waguard_suppressed.
CREATE TABLE waguard_consent (
    scope   TEXT NOT NULL,
    scheme  TEXT NOT NULL,
    value   TEXT NOT NULL,
    at      INTEGER NOT NULL,
    id      TEXT NOT NULL,
    version INTEGER NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (scope, scheme, value, at, id)
) WITHOUT ROWID;

-- What is kept of people who were erased: a keyed digest in hex, never the
-- handle.
CREATE TABLE waguard_suppressed (
    scope    TEXT NOT NULL,
    digest   TEXT NOT NULL,
    at       INTEGER NOT NULL,
    switched INTEGER NOT NULL,
    actor    TEXT NOT NULL,
    PRIMARY KEY (scope, digest)
) WITHOUT ROWID;

-- Messages under way.
CREATE TABLE waguard_flight (
    scope   TEXT NOT NULL,
    id      TEXT NOT NULL,
    expires INTEGER NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (scope, id)
) WITHOUT ROWID;

CREATE TABLE waguard_flight_handle (
    scope  TEXT NOT NULL,
    scheme TEXT NOT NULL,
    value  TEXT NOT NULL,
    id     TEXT NOT NULL,
    PRIMARY KEY (scope, scheme, value, id)
) WITHOUT ROWID;

-- window.Store: the marks that can still matter, under each handle of the
-- person, or with an empty scheme under the group. handles is the JSON list of
-- all handles, empty where this one is the only one.
CREATE TABLE waguard_mark (
    scope    TEXT NOT NULL,
    number   TEXT NOT NULL,
    scheme   TEXT NOT NULL,
    value    TEXT NOT NULL,
    id       TEXT NOT NULL,
    kind     INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    received INTEGER NOT NULL,
    account  TEXT NOT NULL,
    handles  TEXT NOT NULL,
    PRIMARY KEY (scope, number, scheme, value, id)
) WITHOUT ROWID;

-- party.Links: the ids of joins; each set of handles once, with the youngest
-- join of it (at) and whether the handle still belongs (live: nobody moved away
-- from it since); and the moves.
CREATE TABLE waguard_join_id (
    scope TEXT NOT NULL,
    id    TEXT NOT NULL,
    PRIMARY KEY (scope, id)
) WITHOUT ROWID;

CREATE TABLE waguard_bond (
    scope  TEXT NOT NULL,
    scheme TEXT NOT NULL,
    value  TEXT NOT NULL,
    bond   TEXT NOT NULL,
    at     INTEGER NOT NULL,
    live   INTEGER NOT NULL,
    PRIMARY KEY (scope, scheme, value, bond)
) WITHOUT ROWID;

CREATE INDEX waguard_bond_members ON waguard_bond (scope, bond);

CREATE TABLE waguard_move (
    scope      TEXT NOT NULL,
    id         TEXT NOT NULL,
    scheme     TEXT NOT NULL,
    from_value TEXT NOT NULL,
    to_value   TEXT NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (scope, id)
) WITHOUT ROWID;

CREATE INDEX waguard_move_from ON waguard_move (scope, scheme, from_value, at);
CREATE INDEX waguard_move_to ON waguard_move (scope, scheme, to_value);

-- template.Catalog: the youngest definition of each template, and the news.
-- digest is SHA-256 of the news, so that a repeat is stored once.
CREATE TABLE waguard_template (
    scope    TEXT NOT NULL,
    name     TEXT NOT NULL,
    language TEXT NOT NULL,
    account  TEXT NOT NULL,
    id       TEXT NOT NULL,
    at       INTEGER NOT NULL,
    body     TEXT NOT NULL,
    PRIMARY KEY (scope, name, language, account)
) WITHOUT ROWID;

CREATE TABLE waguard_template_news (
    scope    TEXT NOT NULL,
    digest   TEXT NOT NULL,
    template TEXT NOT NULL,
    name     TEXT NOT NULL,
    language TEXT NOT NULL,
    at       INTEGER NOT NULL,
    body     TEXT NOT NULL,
    PRIMARY KEY (scope, digest)
) WITHOUT ROWID;

CREATE INDEX waguard_template_news_id ON waguard_template_news (scope, template);
CREATE INDEX waguard_template_news_name ON waguard_template_news (scope, name, language);

-- compliance.AccountStore.
CREATE TABLE waguard_account_news (
    scope   TEXT NOT NULL,
    id      TEXT NOT NULL,
    account TEXT NOT NULL,
    number  TEXT NOT NULL,
    at      INTEGER NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (scope, id)
) WITHOUT ROWID;

CREATE INDEX waguard_account_news_of ON waguard_account_news (scope, account, number);

-- journal.Journal: one chain per writer. Rows are only ever added.
CREATE TABLE waguard_journal (
    scope  TEXT NOT NULL,
    writer TEXT NOT NULL,
    seq    INTEGER NOT NULL,
    prev   TEXT NOT NULL,
    hash   TEXT NOT NULL,
    id     TEXT NOT NULL,
    at     INTEGER NOT NULL,
    kind   TEXT NOT NULL,
    digest TEXT NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (scope, writer, seq)
) WITHOUT ROWID;
