BEGIN TRANSACTION;
CREATE TABLE annotator (
    id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE CHECK (name <> '')
) STRICT;
INSERT INTO "annotator" VALUES(1,'01a2182a-023f-7e85-999c-926671633be6','ana');
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
    CHECK (picked IN ('given', 'date', 'topics', 'teaches', 'random')), arrived INTEGER NOT NULL DEFAULT 0 CHECK (arrived >= 0), twin_of INTEGER REFERENCES article (id) CHECK (twin_of <> id)) STRICT;
INSERT INTO "article" VALUES(1,'a1','Alibaba is here.','','','{}','717fa96a2e5b47bec8a9ed28c06ccdd49a1977c7b4c314bc5322c538ce79e7f3',16,'open',0,'',0,1,0,0,'given',0,NULL);
INSERT INTO "article" VALUES(2,'a2','So is Reuters.','','','{}','0ef3dd2b56ccf58251080a08f8263bc8b4ab9ee2aa8b665aae6ace6231f13e59',14,'new',0,'',0,0,0,0,'given',0,NULL);
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
);
INSERT INTO "gone_article" VALUES(3,'a3','Gone again.','','','{}','849c96007b25ebd6773154816fc9429f037bfb33faf485051548a7c9a51d6df7',11,'new',0,'',1,0,0,0,'given',1,NULL);
CREATE TABLE gone_article_text(article_id INT,text TEXT);
INSERT INTO "gone_article_text" VALUES(3,'Gone again.');
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
INSERT INTO "gone_suggestion" VALUES(3,'import','','','import',X'785E8B8E36D031D151F20F7257D2C92BCDC9898D05002D070540',X'785E8B8E0500011500B9');
CREATE TABLE import (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    first INTEGER NOT NULL UNIQUE CHECK (first > 0), last INTEGER NOT NULL CHECK (last >= first),
    files TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
INSERT INTO "import" VALUES(1,1,2,'[]','2026-11-26T14:02:16Z');
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
INSERT INTO "label" VALUES(1,'01a2182a-0241-703d-8513-75e522def23c','PER',0,'blue','1','People, real or invented, and families: Angela Merkel, the Kennedys. Titles and roles stay outside (President, coach).','["PERSON"]',0);
INSERT INTO "label" VALUES(2,'01a2182a-0241-76c6-b8e1-2d685682225e','ORG',1,'orange','2','Companies, parties, agencies, teams, media and other bodies. In sport reports a city or country that stands for its team is ORG: Spain beat Italy 2-1.','[]',0);
INSERT INTO "label" VALUES(3,'01a2182a-0241-725e-b438-0da52d98329c','LOC',2,'green','3','Places of every kind: countries, cities, regions, rivers, mountains, buildings, roads, stadiums. Also where the name stands for the government.','["GPE", "FAC"]',0);
INSERT INTO "label" VALUES(4,'01a2182a-0241-7033-8e6b-8c00f71387df','MISC',3,'rose','4','Names that fit nowhere else: nationalities and their adjectives (German), events, titles of works, products, laws, languages. Numbers, dates and amounts are not marked in this scheme.','["NORP", "EVENT", "WORK_OF_ART", "PRODUCT", "LAW", "LANGUAGE"]',0);
CREATE TABLE label_tally (
    label_id INTEGER NOT NULL, state TEXT NOT NULL, n INTEGER NOT NULL CHECK (n >= 0),
    PRIMARY KEY (label_id, state)
) STRICT, WITHOUT ROWID;
INSERT INTO "label_tally" VALUES(2,'confirmed',1);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
INSERT INTO "meta" VALUES('project_uid','01a2182a-023b-72ef-8807-60021861eaca');
INSERT INTO "meta" VALUES('model','blank:en');
INSERT INTO "meta" VALUES('learner','on');
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
INSERT INTO "span" VALUES(1,'01a2182a-0262-7308-94e0-03cace5e91ad',1,0,7,2,'confirmed','add','person',NULL,1,'2026-11-26T14:02:16Z',NULL,NULL,NULL);
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
, spread INTEGER NOT NULL DEFAULT 1 CHECK (spread IN (0, 1))) STRICT;
INSERT INTO "step" VALUES(1,'01a2182a-025d-73e5-b731-110368f41526','import',NULL,1,NULL,NULL,NULL,NULL,NULL,1,'2026-11-26T14:02:16Z','[["import",null,{"id":1,"first":1,"last":2,"files":"[]","at":"2026-11-26T14:02:16Z"}]]',1);
INSERT INTO "step" VALUES(2,'01a2182a-025f-7605-bb62-033c1ba85dc3','import',NULL,2,NULL,1,NULL,NULL,NULL,1,'2026-11-26T14:02:16Z','[["import",null,{"id":2,"first":3,"last":3,"files":"[]","at":"2026-11-26T14:02:16Z"}]]',1);
INSERT INTO "step" VALUES(3,'01a2182a-0261-7994-90f4-e51843d560e0','undo',2,1,3,NULL,NULL,NULL,NULL,1,'2026-11-26T14:02:16Z','[["import",{"id":2,"first":3,"last":3,"files":"[]","at":"2026-11-26T14:02:16Z"},null]]',1);
INSERT INTO "step" VALUES(4,'01a2182a-0263-7826-955e-45ad7591f2b9','add',NULL,4,NULL,1,1,0,7,1,'2026-11-26T14:02:16Z','[["span",null,{"id":1,"uid":"01a2182a-0262-7308-94e0-03cace5e91ad","article_id":1,"start":0,"end":7,"label_id":2,"state":"confirmed","decision":"add","source":"person","confidence":null,"annotator_id":1,"at":"2026-11-26T14:02:16Z","was_start":null,"was_end":null,"was_label_id":null}],["article",{"id":1,"state":"new","flagged":0,"comment":""},{"id":1,"state":"open","flagged":0,"comment":""}]]',1);
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
CREATE TRIGGER step_is_never_changed BEFORE UPDATE ON step
BEGIN SELECT RAISE(ABORT, 'history is only appended to'); END;
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
    INSERT INTO label_tally
        SELECT label_id, state, count(*) FROM span WHERE article_id BETWEEN NEW.first AND NEW.last GROUP BY 1, 2
        ON CONFLICT (label_id, state) DO UPDATE SET n = n + excluded.n;
    DELETE FROM uncounted;
END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('label',4);
INSERT INTO "sqlite_sequence" VALUES('span',1);
INSERT INTO "sqlite_sequence" VALUES('import',2);
INSERT INTO "sqlite_sequence" VALUES('step',4);
COMMIT;
