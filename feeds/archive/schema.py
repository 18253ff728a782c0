"""The archive's tables, as SQLite knows them."""

VERSION = 6
SITE = 0  # stands for the whole site where a term is asked for
DIRECTORY = -1  # and this for what tells of all feeds
NOWHERE = -2  # the feed of documents whose address is no feed's any more

NEW_TABLES = """
-- See feeds.archive.terms. Keys are folded names: every name and every address a term had still leads to it.
CREATE TABLE term (
    term_id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL, name TEXT NOT NULL, slug TEXT NOT NULL,
    feed_id TEXT NOT NULL UNIQUE,
    UNIQUE (kind, slug)
) STRICT;
CREATE TABLE term_key (
    kind TEXT NOT NULL, key TEXT NOT NULL, term_id INTEGER NOT NULL REFERENCES term,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE term_slug (
    kind TEXT NOT NULL, slug TEXT NOT NULL, term_id INTEGER NOT NULL REFERENCES term,
    PRIMARY KEY (kind, slug)
) STRICT, WITHOUT ROWID;

-- The order of the key is the order of a feed: the newest 50 of a term are 50 neighbours.
CREATE TABLE article_term (
    term_id INTEGER NOT NULL REFERENCES term,
    published INTEGER NOT NULL,
    article_id INTEGER NOT NULL REFERENCES article,
    PRIMARY KEY (term_id, published DESC, article_id DESC)
) STRICT, WITHOUT ROWID;

-- See feeds.archive.history. page: NULL while pending; held: published again, and not yet in the feed itself.
CREATE TABLE history (
    entry_no INTEGER PRIMARY KEY,
    term_id INTEGER NOT NULL, article_id INTEGER NOT NULL REFERENCES article,
    held INTEGER NOT NULL DEFAULT 0, page INTEGER
) STRICT;
CREATE INDEX history_page ON history (term_id, page);
CREATE INDEX history_article ON history (article_id);
CREATE TABLE touched_page (
    term_id INTEGER NOT NULL, page INTEGER NOT NULL, PRIMARY KEY (term_id, page)
) STRICT, WITHOUT ROWID;

-- See feeds.archive.withdrawals. until: feeds tell of it so long.
CREATE TABLE withdrawal (
    article_id INTEGER PRIMARY KEY REFERENCES article,
    at INTEGER NOT NULL, until INTEGER NOT NULL, by TEXT NOT NULL,
    reason TEXT NOT NULL, replacement TEXT, notice TEXT
) STRICT;
CREATE INDEX withdrawal_until ON withdrawal (until);

-- See feeds.archive.held. ids: JSON.
CREATE TABLE snapshot (
    term_id INTEGER PRIMARY KEY, length INTEGER NOT NULL, by TEXT NOT NULL, ids TEXT NOT NULL
) STRICT;
CREATE TABLE held (term_id INTEGER PRIMARY KEY, objections TEXT NOT NULL) STRICT;
"""

SERVING_TABLES = """
-- See feeds.archive.tokens. digest: sha256 of the secret, which is kept nowhere; scopes, feeds: words.
CREATE TABLE token (
    name TEXT PRIMARY KEY, digest BLOB NOT NULL UNIQUE,
    scopes TEXT NOT NULL, feeds TEXT NOT NULL, created INTEGER NOT NULL
) STRICT;

-- How long readers may go on with a feed: seconds, and never past a moment at which it must change.
CREATE TABLE freshness (
    term_id INTEGER PRIMARY KEY, seconds INTEGER NOT NULL, until INTEGER
) STRICT;

-- The latest versions of documents, for those who ask what is new in one (RFC 3229). layout: feeds.delta.
CREATE TABLE version (
    path TEXT NOT NULL, digest BLOB NOT NULL, at INTEGER NOT NULL, layout BLOB NOT NULL,
    PRIMARY KEY (path, digest)
) STRICT, WITHOUT ROWID;
"""

# What a feed's documents, its corrections on their way, and a term's addresses are found by.
TERM_INDEXES = """
CREATE INDEX IF NOT EXISTS history_held ON history (term_id) WHERE held = 1;
CREATE INDEX IF NOT EXISTS document_term ON document (term_id, page);
CREATE INDEX IF NOT EXISTS term_slug_term ON term_slug (term_id);
"""

# See feeds.archive.given. records: of a file or an address, those that gave articles.
READING_TABLES = """
CREATE TABLE given (
    source TEXT NOT NULL, place TEXT NOT NULL, way TEXT NOT NULL, records BLOB NOT NULL,
    PRIMARY KEY (source, place)
) STRICT;
CREATE INDEX rejected_url ON rejected (source, url);
"""

SCHEMA = (
    """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- One row an article, in its latest revision. Times are seconds since 1970, UTC.
-- notice_until: a notice stands in a withdrawn one's place; stated: the last change, in its source's words;
-- private: in no public feed. The longest column is the last one: to read what stands behind it, SQLite would
-- read it too. (Archives that began earlier have it before three others.)
CREATE TABLE article (
    article_id INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    published INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    status TEXT NOT NULL,
    embargoed_until INTEGER,
    expires INTEGER,
    digest BLOB NOT NULL,
    source TEXT NOT NULL,
    notice_until INTEGER,
    stated INTEGER,
    private INTEGER NOT NULL DEFAULT 0,
    data TEXT NOT NULL
) STRICT;
CREATE INDEX article_published ON article (published DESC);
CREATE INDEX article_embargoed ON article (embargoed_until) WHERE embargoed_until IS NOT NULL;
CREATE INDEX article_expires ON article (expires) WHERE expires IS NOT NULL;

-- Every name an article was known by: ids, alternate ids, URLs, a file it was read from.
CREATE TABLE known_as (
    key TEXT PRIMARY KEY, article_id INTEGER NOT NULL REFERENCES article
) STRICT, WITHOUT ROWID;

CREATE TABLE revision (
    article_id INTEGER NOT NULL REFERENCES article, number INTEGER NOT NULL,
    stored_at TEXT NOT NULL, data TEXT NOT NULL,
    PRIMARY KEY (article_id, number)
) STRICT;

"""
    + NEW_TABLES
    + SERVING_TABLES
    + """
CREATE INDEX article_term_article ON article_term (article_id);

-- Feeds to build anew: term_id, or 0 for the whole site.
CREATE TABLE touched (term_id INTEGER PRIMARY KEY) STRICT;

-- page: of the feed's archive; NULL for the one that readers subscribe to.
CREATE TABLE document (
    path TEXT PRIMARY KEY,
    term_id INTEGER NOT NULL, page INTEGER,
    digest BLOB NOT NULL, length INTEGER NOT NULL, modified INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Records that are no articles. reading: of its source, counted from 1; url: the address that gave it.
CREATE TABLE rejected (
    source TEXT NOT NULL, position TEXT NOT NULL, field TEXT NOT NULL, reason TEXT NOT NULL,
    record TEXT NOT NULL, reading INTEGER NOT NULL DEFAULT 0, url TEXT,
    PRIMARY KEY (source, position)
) STRICT;

-- What sources asked to be remembered of the addresses they visit.
CREATE TABLE visit (
    source TEXT NOT NULL, url TEXT NOT NULL, status INTEGER NOT NULL, remembered TEXT NOT NULL,
    PRIMARY KEY (source, url)
) STRICT, WITHOUT ROWID;

-- See feeds.archive.readings.SourceRow.
CREATE TABLE source (
    name TEXT PRIMARY KEY, read_at TEXT NOT NULL,
    taken INTEGER NOT NULL, rejected INTEGER NOT NULL, error TEXT,
    gave_at TEXT, failures INTEGER NOT NULL DEFAULT 0, quiet INTEGER NOT NULL DEFAULT 0, next_at TEXT,
    settings TEXT NOT NULL DEFAULT ''
) STRICT;
"""
    + READING_TABLES
    + TERM_INDEXES
)
