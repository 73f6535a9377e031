BEGIN TRANSACTION;
CREATE TABLE annotator (
    id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE CHECK (name <> '')
, seal TEXT NOT NULL DEFAULT '' CHECK (length(seal) IN (0, 64))) STRICT;
INSERT INTO "annotator" VALUES(1,'01a218d2-b4c1-76c5-bde0-f4e3f4734b44','ana','b19cd6262cbe6b70ecd445aa17dc3e05960da1d18a4f4df21ef41120cf03059c');
CREATE TABLE article (
    id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE CHECK (uid <> ''),
    title TEXT NOT NULL, source TEXT NOT NULL DEFAULT '', published TEXT NOT NULL DEFAULT '',
    meta TEXT NOT NULL DEFAULT '{}',
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    length INTEGER NOT NULL CHECK (length >= 0),
    state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'open', 'done', 'skipped')),
    flagged INTEGER NOT NULL DEFAULT 0 CHECK (flagged IN (0, 1)),
    comment TEXT NOT NULL DEFAULT '',
    suggested INTEGER NOT NULL DEFAULT 0 CHECK (suggested >= 0),
    confirmed INTEGER NOT NULL DEFAULT 0 CHECK (confirmed >= 0),
    rejected INTEGER NOT NULL DEFAULT 0 CHECK (rejected >= 0)
, rank INTEGER NOT NULL DEFAULT 0, picked TEXT NOT NULL DEFAULT 'given'
    CHECK (picked IN ('given', 'date', 'topics', 'teaches', 'random')), arrived INTEGER NOT NULL DEFAULT 0 CHECK (arrived >= 0), twin_of INTEGER REFERENCES article (id) CHECK (twin_of <> id), seal TEXT NOT NULL DEFAULT '' CHECK (length(seal) IN (0, 64))) STRICT;
INSERT INTO "article" VALUES(1,'a1','Alibaba is here.','','','{}','717fa96a2e5b47bec8a9ed28c06ccdd49a1977c7b4c314bc5322c538ce79e7f3',16,'open',0,'',0,1,0,0,'random',0,NULL,'8f30f6bacc1aaff04a35ed465a712a4d24c847bcafc46a8195c09a84a56df2fc');
INSERT INTO "article" VALUES(2,'a2','So is Reuters.','','','{}','0ef3dd2b56ccf58251080a08f8263bc8b4ab9ee2aa8b665aae6ace6231f13e59',14,'new',0,'',0,0,0,0,'given',0,NULL,'85ad344ca08c0de1b9e477588ea6929362dee76127f20de8dc476f6dcb3887b1');
CREATE TABLE article_tally (state TEXT PRIMARY KEY, n INTEGER NOT NULL CHECK (n >= 0)) STRICT;
INSERT INTO "article_tally" VALUES('new',1);
INSERT INTO "article_tally" VALUES('open',1);
INSERT INTO "article_tally" VALUES('done',0);
INSERT INTO "article_tally" VALUES('skipped',0);
CREATE TABLE article_text (
    article_id INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE, text TEXT NOT NULL
) STRICT;
INSERT INTO "article_text" VALUES(1,'Alibaba is here.');
INSERT INTO "article_text" VALUES(2,'So is Reuters.');
CREATE TABLE aside (
    id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE CHECK (uid <> ''),
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    start INTEGER NOT NULL CHECK (start >= 0),
    end INTEGER NOT NULL CHECK (end > start),
    state TEXT NOT NULL CHECK (state IN ('suggested', 'marked', 'cleared')),
    annotator_id INTEGER REFERENCES annotator (id),
    at TEXT,
    UNIQUE (article_id, start, end),
    CHECK ((state = 'suggested') = (annotator_id IS NULL) AND (annotator_id IS NULL) = (at IS NULL))
) STRICT;
INSERT INTO "aside" VALUES(1,'01a218d2-b4ee-78d1-befd-ed39aaddf340',2,0,13,'suggested',NULL,NULL);
CREATE TABLE gone_article(
  id INT,
  uid TEXT,
  title TEXT,
  source TEXT,
  published TEXT,
  meta TEXT,
  sha256 TEXT,
  length INT,
  state TEXT,
  flagged INT,
  comment TEXT,
  suggested INT,
  confirmed INT,
  rejected INT,
  rank INT,
  picked TEXT,
  arrived INT,
  twin_of INT
, seal TEXT);
INSERT INTO "gone_article" VALUES(3,'a3','Gone again.','','','{}','849c96007b25ebd6773154816fc9429f037bfb33faf485051548a7c9a51d6df7',11,'new',0,'',1,0,0,0,'random',1,NULL,'4ca42ef1653d50f846ccd7ccfa3c8ddc4e5867002210f80c741def9d7a7b7855');
CREATE TABLE gone_article_text(article_id INT,text TEXT);
INSERT INTO "gone_article_text" VALUES(3,'Gone again.');
CREATE TABLE gone_aside(
  id INT,
  uid TEXT,
  article_id INT,
  start INT,
  "end" INT,
  state TEXT,
  annotator_id INT,
  at TEXT
);
CREATE TABLE gone_span(
  id INT,
  uid TEXT,
  article_id INT,
  start INT,
  "end" INT,
  label_id INT,
  state TEXT,
  decision TEXT,
  source TEXT,
  confidence REAL,
  annotator_id INT,
  at TEXT,
  was_start INT,
  was_end INT,
  was_label_id INT
);
CREATE TABLE gone_suggestion(
  article_id INT,
  kind TEXT,
  model TEXT,
  revision TEXT,
  source TEXT,
  spans,
  tokens
);
INSERT INTO "gone_suggestion" VALUES(3,'import','','','import',X'785E8B8E36D031D1510A700D52D2C92BCDC9898D05002CF3053F',X'785E8B8E0500011500B9');
CREATE TABLE import (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    first INTEGER NOT NULL UNIQUE CHECK (first > 0), last INTEGER NOT NULL CHECK (last >= first),
    files TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
INSERT INTO "import" VALUES(1,1,2,'[]','2026-11-26T17:06:31Z');
CREATE TABLE label (
    id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE CHECK (name <> ''),
    position INTEGER NOT NULL,
    colour TEXT NOT NULL CHECK (colour <> ''),
    key TEXT NOT NULL DEFAULT '' CHECK (length(key) <= 1),
    description TEXT NOT NULL DEFAULT '',
    from_model TEXT NOT NULL DEFAULT '[]',
    retired INTEGER NOT NULL DEFAULT 0 CHECK (retired IN (0, 1))
) STRICT;
INSERT INTO "label" VALUES(1,'01a218d2-b4da-7916-b1b8-07079b863f38','PER',0,'blue','1','People, real or invented, and families: Angela Merkel, the Kennedys. Titles and roles stay outside (President, coach).','["PERSON"]',0);
INSERT INTO "label" VALUES(2,'01a218d2-b4da-770a-9e55-02da36e21c58','ORG',1,'orange','2','Companies, parties, agencies, teams, media and other bodies. In sport reports a city or country that stands for its team is ORG: Spain beat Italy 2-1.','[]',0);
INSERT INTO "label" VALUES(3,'01a218d2-b4da-71a5-8b42-876c4474400b','LOC',2,'green','3','Places of every kind: countries, cities, regions, rivers, mountains, buildings, roads, stadiums. Also where the name stands for the government.','["GPE", "FAC"]',0);
INSERT INTO "label" VALUES(4,'01a218d2-b4da-7ded-8d0f-e5c3660e903b','MISC',3,'rose','4','Names that fit nowhere else: nationalities and their adjectives (German), events, titles of works, products, laws, languages. Numbers, dates and amounts are not marked in this scheme.','["NORP", "EVENT", "WORK_OF_ART", "PRODUCT", "LAW", "LANGUAGE"]',0);
CREATE TABLE label_tally (
    label_id INTEGER NOT NULL, state TEXT NOT NULL, n INTEGER NOT NULL CHECK (n >= 0),
    PRIMARY KEY (label_id, state)
) STRICT, WITHOUT ROWID;
INSERT INTO "label_tally" VALUES(2,'confirmed',1);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
INSERT INTO "meta" VALUES('project_uid','01a218d2-b47d-7cf8-9a82-a6c063ebd899');
INSERT INTO "meta" VALUES('model','blank:en');
INSERT INTO "meta" VALUES('learner','on');
INSERT INTO "meta" VALUES('labels_seal','86571a2c1aa2a152b6e76dcefa5394a8f2a683967b70ba9a81b36c18074d35c6');
INSERT INTO "meta" VALUES('history_head','4 96efd43dc8201ab6330b79ddf9f79348afb7935765618c01dbe1690c4fdc4e77');
CREATE TABLE pattern (
    id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE CHECK (uid <> ''),
    surface TEXT NOT NULL CHECK (surface <> ''),
    label_id INTEGER REFERENCES label (id),
    any_case INTEGER NOT NULL DEFAULT 0 CHECK (any_case IN (0, 1)),
    origin TEXT NOT NULL DEFAULT '',
    UNIQUE (surface, any_case)
) STRICT;
CREATE TABLE span (
    id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE CHECK (uid <> ''),
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    start INTEGER NOT NULL CHECK (start >= 0),
    end INTEGER NOT NULL CHECK (end > start),
    label_id INTEGER NOT NULL REFERENCES label (id),
    state TEXT NOT NULL CHECK (state IN ('confirmed', 'rejected')),
    decision TEXT NOT NULL CHECK (decision IN ('confirm', 'reject', 'relabel', 'resize', 'add')),
    source TEXT NOT NULL,
    confidence REAL CHECK (confidence BETWEEN 0 AND 1),
    annotator_id INTEGER NOT NULL REFERENCES annotator (id),
    at TEXT NOT NULL,
    was_start INTEGER, was_end INTEGER, was_label_id INTEGER REFERENCES label (id),
    UNIQUE (article_id, start, end, label_id),
    CHECK ((was_start IS NULL) = (was_end IS NULL) AND (was_start IS NULL) = (was_label_id IS NULL))
) STRICT;
INSERT INTO "span" VALUES(1,'01a218d2-b50b-77ae-b986-6e65a1084bf6',1,0,7,2,'confirmed','add','person',NULL,1,'2026-11-26T17:06:31Z',NULL,NULL,NULL);
CREATE TABLE step (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE,
    verb TEXT NOT NULL CHECK (verb <> ''),
    target INTEGER REFERENCES step (seq),
    undo_top INTEGER REFERENCES step (seq), redo_top INTEGER REFERENCES step (seq),
    below INTEGER REFERENCES step (seq),
    article_id INTEGER, start INTEGER, end INTEGER,
    annotator_id INTEGER NOT NULL REFERENCES annotator (id),
    at TEXT NOT NULL,
    changes TEXT NOT NULL
, spread INTEGER NOT NULL DEFAULT 1 CHECK (spread IN (0, 1)), hash TEXT CHECK (length(hash) = 64)) STRICT;
INSERT INTO "step" VALUES(1,'01a218d2-b4fe-71eb-b8e7-c8e509d00563','import',NULL,1,NULL,NULL,NULL,NULL,NULL,1,'2026-11-26T17:06:31Z','[["import",null,{"id":1,"first":1,"last":2,"files":"[]","at":"2026-11-26T17:06:31Z"}]]',1,'f895d6d1d99dba7f5b3ac186b957c50b2620b9bc1024f4c003ec068edb9159ce');
INSERT INTO "step" VALUES(2,'01a218d2-b503-7316-affa-20f19986cfa5','import',NULL,2,NULL,1,NULL,NULL,NULL,1,'2026-11-26T17:06:31Z','[["import",null,{"id":2,"first":3,"last":3,"files":"[]","at":"2026-11-26T17:06:31Z"}]]',1,'e0b7cd293f424ba98b96d9a09957b8423e4d100b646acc0bfad415547ca4d2bb');
INSERT INTO "step" VALUES(3,'01a218d2-b507-7551-bb08-3b2731ba6456','undo',2,1,3,NULL,NULL,NULL,NULL,1,'2026-11-26T17:06:31Z','[["import",{"id":2,"first":3,"last":3,"files":"[]","at":"2026-11-26T17:06:31Z"},null]]',1,'2f487c2b9f273657dde7975fab48377a4f0e1e26a2c8adcdd74f397fc16b74a8');
INSERT INTO "step" VALUES(4,'01a218d2-b50c-765d-9b56-50b3df53689e','add',NULL,4,NULL,1,1,0,7,1,'2026-11-26T17:06:31Z','[["span",null,{"id":1,"uid":"01a218d2-b50b-77ae-b986-6e65a1084bf6","article_id":1,"start":0,"end":7,"label_id":2,"state":"confirmed","decision":"add","source":"person","confidence":null,"annotator_id":1,"at":"2026-11-26T17:06:31Z","was_start":null,"was_end":null,"was_label_id":null}],["article",{"id":1,"state":"new","flagged":0,"comment":""},{"id":1,"state":"open","flagged":0,"comment":""}]]',1,'96efd43dc8201ab6330b79ddf9f79348afb7935765618c01dbe1690c4fdc4e77');
CREATE TABLE "suggestion" (
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('pipeline', 'learner', 'ghost', 'import')),
    model TEXT NOT NULL, revision TEXT NOT NULL DEFAULT '', source TEXT NOT NULL,
    spans BLOB NOT NULL, tokens BLOB NOT NULL,
    PRIMARY KEY (article_id, kind)
) STRICT;
CREATE TABLE uncounted (id INTEGER PRIMARY KEY CHECK (id = 1)) STRICT;
CREATE INDEX article_by_state ON article (state, id);
CREATE INDEX article_by_sha256 ON article (sha256);
CREATE TRIGGER article_text_is_immutable BEFORE UPDATE ON article_text
BEGIN SELECT RAISE(ABORT, 'an article''s text never changes'); END;
CREATE TRIGGER step_is_never_deleted BEFORE DELETE ON step
BEGIN SELECT RAISE(ABORT, 'history is only appended to'); END;
CREATE TRIGGER article_counted AFTER INSERT ON article
BEGIN UPDATE article_tally SET n = n + 1 WHERE state = NEW.state; END;
CREATE TRIGGER article_uncounted AFTER DELETE ON article
BEGIN UPDATE article_tally SET n = n - 1 WHERE state = OLD.state; END;
CREATE TRIGGER article_recounted AFTER UPDATE OF state ON article WHEN OLD.state <> NEW.state
BEGIN
    UPDATE article_tally SET n = n - 1 WHERE state = OLD.state;
    UPDATE article_tally SET n = n + 1 WHERE state = NEW.state;
END;
CREATE TRIGGER span_recounted AFTER UPDATE OF state, label_id ON span
BEGIN
    UPDATE article SET
        confirmed = confirmed + (NEW.state = 'confirmed') - (OLD.state = 'confirmed'),
        rejected = rejected + (NEW.state = 'rejected') - (OLD.state = 'rejected')
        WHERE id = NEW.article_id;
    UPDATE label_tally SET n = n - 1 WHERE label_id = OLD.label_id AND state = OLD.state;
    INSERT INTO label_tally VALUES (NEW.label_id, NEW.state, 1)
        ON CONFLICT (label_id, state) DO UPDATE SET n = n + 1;
END;
CREATE INDEX article_by_rank ON article (rank, id);
CREATE INDEX step_by_article ON step (article_id, seq);
CREATE INDEX step_by_target ON step (target, seq);
CREATE INDEX gone_article_by_id ON gone_article (id);
CREATE INDEX article_by_twin ON article (twin_of) WHERE twin_of IS NOT NULL;
CREATE TRIGGER span_counted AFTER INSERT ON span WHEN NOT EXISTS (SELECT 1 FROM uncounted)
BEGIN
    UPDATE article SET confirmed = confirmed + (NEW.state = 'confirmed'),
        rejected = rejected + (NEW.state = 'rejected') WHERE id = NEW.article_id;
    INSERT INTO label_tally VALUES (NEW.label_id, NEW.state, 1)
        ON CONFLICT (label_id, state) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER span_uncounted AFTER DELETE ON span WHEN NOT EXISTS (SELECT 1 FROM uncounted)
BEGIN
    UPDATE article SET confirmed = confirmed - (OLD.state = 'confirmed'),
        rejected = rejected - (OLD.state = 'rejected') WHERE id = OLD.article_id;
    UPDATE label_tally SET n = n - 1 WHERE label_id = OLD.label_id AND state = OLD.state;
END;
CREATE TRIGGER import_goes AFTER DELETE ON import
BEGIN
    INSERT INTO uncounted VALUES (1);
    UPDATE label_tally SET n = label_tally.n - counted.n FROM (
        SELECT label_id, state, count(*) AS n FROM span WHERE article_id BETWEEN OLD.first AND OLD.last GROUP BY 1, 2
    ) AS counted WHERE label_tally.label_id = counted.label_id AND label_tally.state = counted.state;
    INSERT INTO gone_aside SELECT * FROM aside WHERE article_id BETWEEN OLD.first AND OLD.last;
    DELETE FROM aside WHERE article_id BETWEEN OLD.first AND OLD.last;
    INSERT INTO gone_span SELECT * FROM span WHERE article_id BETWEEN OLD.first AND OLD.last;
    DELETE FROM span WHERE article_id BETWEEN OLD.first AND OLD.last;
    INSERT INTO gone_suggestion SELECT * FROM suggestion WHERE article_id BETWEEN OLD.first AND OLD.last;
    DELETE FROM suggestion WHERE article_id BETWEEN OLD.first AND OLD.last;
    INSERT INTO gone_article_text SELECT * FROM article_text WHERE article_id BETWEEN OLD.first AND OLD.last;
    DELETE FROM article_text WHERE article_id BETWEEN OLD.first AND OLD.last;
    INSERT INTO gone_article SELECT * FROM article WHERE id BETWEEN OLD.first AND OLD.last;
    DELETE FROM article WHERE id BETWEEN OLD.first AND OLD.last;
    DELETE FROM uncounted;
END;
CREATE TRIGGER import_comes AFTER INSERT ON import
WHEN EXISTS (SELECT 1 FROM gone_article WHERE id BETWEEN NEW.first AND NEW.last)
BEGIN
    INSERT INTO uncounted VALUES (1);
    INSERT INTO article SELECT * FROM gone_article WHERE id BETWEEN NEW.first AND NEW.last;
    DELETE FROM gone_article WHERE id BETWEEN NEW.first AND NEW.last;
    INSERT INTO article_text SELECT * FROM gone_article_text WHERE article_id BETWEEN NEW.first AND NEW.last;
    DELETE FROM gone_article_text WHERE article_id BETWEEN NEW.first AND NEW.last;
    INSERT INTO suggestion SELECT * FROM gone_suggestion WHERE article_id BETWEEN NEW.first AND NEW.last;
    DELETE FROM gone_suggestion WHERE article_id BETWEEN NEW.first AND NEW.last;
    INSERT INTO span SELECT * FROM gone_span WHERE article_id BETWEEN NEW.first AND NEW.last;
    DELETE FROM gone_span WHERE article_id BETWEEN NEW.first AND NEW.last;
    INSERT INTO aside SELECT * FROM gone_aside WHERE article_id BETWEEN NEW.first AND NEW.last;
    DELETE FROM gone_aside WHERE article_id BETWEEN NEW.first AND NEW.last;
    INSERT INTO label_tally
        SELECT label_id, state, count(*) FROM span WHERE article_id BETWEEN NEW.first AND NEW.last GROUP BY 1, 2
        ON CONFLICT (label_id, state) DO UPDATE SET n = n + excluded.n;
    DELETE FROM uncounted;
END;
CREATE TRIGGER step_is_never_changed BEFORE UPDATE ON step
BEGIN SELECT RAISE(ABORT, 'history is only appended to'); END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('label',4);
INSERT INTO "sqlite_sequence" VALUES('aside',1);
INSERT INTO "sqlite_sequence" VALUES('span',1);
INSERT INTO "sqlite_sequence" VALUES('import',2);
INSERT INTO "sqlite_sequence" VALUES('step',4);
COMMIT;
