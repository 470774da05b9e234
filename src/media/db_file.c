#include "media/db.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/xmem.h"
#include "media/answer.h"
#include "media/db_parts.h"
#include "media/facts_json.h"

static const char *const transfer_names[] = {
	[TRANSFER_SDR] = "sdr", [TRANSFER_PQ] = "pq", [TRANSFER_HLG] = "hlg",
};

/* A column's text, borrowed; "" for NULL. */
static const char *
text_at(sqlite3_stmt *s, int column)
{
	const unsigned char *text = sqlite3_column_text(s, column);

	return text != NULL ? (const char *)text : "";
}

static bool
has(sqlite3_stmt *s, int column)
{
	return sqlite3_column_type(s, column) != SQLITE_NULL;
}

/* A whole number within bounds; where it is none somebody has edited the
 * database and *ok becomes false. */
static int64_t
int_at(sqlite3_stmt *s, int column, int64_t min, int64_t max, bool *ok)
{
	int64_t v = sqlite3_column_int64(s, column);

	if (sqlite3_column_type(s, column) == SQLITE_INTEGER && v >= min &&
	    v <= max)
		return v;
	*ok = false;
	return 0;
}

static void
codec_at(sqlite3_stmt *s, int column, char out[16])
{
	const char *text = text_at(s, column);
	size_t n = strlen(text);

	memset(out, 0, 16);
	memcpy(out, text, n < 15 ? n : 15);
}

static enum asset_transfer
transfer_at(sqlite3_stmt *s, int column)
{
	const char *text = text_at(s, column);

	for (int i = TRANSFER_SDR; i <= TRANSFER_HLG; i++)
		if (strcmp(text, transfer_names[i]) == 0)
			return (enum asset_transfer)i;
	return TRANSFER_SDR;
}

static char *
path_at(sqlite3_stmt *s, int column)
{
	const void *bytes = sqlite3_column_blob(s, column);
	int n = sqlite3_column_bytes(s, column);

	return bytes != NULL && n > 0 ? xstrndup(bytes, (size_t)n) :
	    xstrdup("");
}

static bool
read_media(sqlite3_stmt *s, struct asset *a)
{
	bool ok = true;

	a->duration_us = int_at(s, COL_DURATION, 1, PROBE_MAX_US, &ok);
	a->video_stream = (int)int_at(s, COL_VIDEO, -1, PROBE_MAX_STREAM,
	    &ok);
	a->width = (int)int_at(s, COL_WIDTH, 0, PROBE_MAX_SIDE, &ok);
	a->height = (int)int_at(s, COL_HEIGHT, 0, PROBE_MAX_SIDE, &ok);
	ok = ok && (int64_t)a->width * a->height <= PROBE_MAX_PIXELS;
	a->video_start_us = int_at(s, COL_VIDEO_START, 0, PROBE_MAX_US, &ok);
	a->has_video = a->video_stream >= 0;
	a->transfer = transfer_at(s, COL_TRANSFER);
	codec_at(s, COL_VIDEO_CODEC, a->video_codec);
	return ok;
}

bool
db_row_read(sqlite3_stmt *s, struct db_file *f)
{
	int type = asset_type_find(text_at(s, COL_TYPE));
	struct asset *a = &f->asset;
	bool ok = type >= 0;

	*f = (struct db_file){ .asset = {
		.about = ASSET_ABOUT_NONE,
		.video_stream = -1,
		.audio_stream = -1,
	} };
	a->path = path_at(s, COL_PATH);
	a->title = xstrdup(text_at(s, COL_TITLE));
	a->type = type >= 0 ? (enum asset_type)type : ASSET_episode;
	f->size = int_at(s, COL_SIZE, 0, INT64_MAX, &ok);
	f->mtime_ns = int_at(s, COL_MTIME, INT64_MIN, INT64_MAX, &ok);
	if (has(s, COL_BAD))
		a->bad = xstrdup(text_at(s, COL_BAD));
	else
		ok = read_media(s, a) && ok;
	if (ok && a->bad == NULL)
		db_measure_read(s, a);
	return ok;
}

static bool
read_audio(struct db *d, sqlite3_int64 id, struct asset *a)
{
	sqlite3_stmt *s = db_stmt(d, DB_AUDIO);
	struct asset_audio *out;
	bool ok = s != NULL;
	int rc = SQLITE_DONE;
	size_t cap = 0;

	sqlite3_bind_int64(s, 1, id);
	while (ok && (rc = db_step(d, s)) == SQLITE_ROW) {
		xgrow(&a->audio, &cap, a->naudio + 1, sizeof *a->audio);
		out = &a->audio[a->naudio++];
		out->stream = (int)int_at(s, 0, 0, PROBE_MAX_STREAM, &ok);
		answer_language(out->language, text_at(s, 1));
		out->channels = (int)int_at(s, 2, 0, PROBE_MAX_CHANNELS, &ok);
		codec_at(s, 3, out->codec);
	}
	if (!ok || rc != SQLITE_DONE || a->naudio == 0)
		return ok && rc == SQLITE_DONE;
	a->has_audio = true;
	a->audio_stream = a->audio[0].stream;
	memcpy(a->audio_codec, a->audio[0].codec, sizeof a->audio_codec);
	return true;
}

static bool
read_chapters(struct db *d, sqlite3_int64 id, struct chapters *c)
{
	sqlite3_stmt *s = db_stmt(d, DB_CHAPTERS);
	struct chapter *out;
	bool ok = s != NULL;
	int rc = SQLITE_DONE;
	size_t cap = 0;

	sqlite3_bind_int64(s, 1, id);
	while (ok && (rc = db_step(d, s)) == SQLITE_ROW) {
		xgrow(&c->v, &cap, c->n + 1, sizeof *c->v);
		out = &c->v[c->n++];
		out->start_us = int_at(s, 0, -PROBE_MAX_US, PROBE_MAX_US, &ok);
		out->end_us = int_at(s, 1, -PROBE_MAX_US, PROBE_MAX_US, &ok);
		out->title = xstrdup(text_at(s, 2));
	}
	return ok && rc == SQLITE_DONE;
}

bool
db_row_more(struct db *d, sqlite3_int64 id, struct db_file *f)
{
	struct asset *a = &f->asset;

	if (a->bad != NULL)
		return true;
	return read_audio(d, id, a) && read_chapters(d, id, &f->chapters) &&
	    (a->has_video || a->has_audio);
}

void
db_file_fini(struct db_file *f)
{
	asset_fini(&f->asset);
	chapters_fini(&f->chapters);
	*f = (struct db_file){ 0 };
}

/* The probe's part of a found file: path, title and type are the walk's. */
static void
take(struct db_file *f, struct asset *a, struct chapters *c)
{
	struct asset got = f->asset;

	free(got.path);
	free(got.title);
	got.path = a->path;
	got.title = a->title;
	got.type = a->type;
	got.about = a->about;
	got.markers = a->markers;
	got.nmarkers = a->nmarkers;
	*a = got;
	*c = f->chapters;
}

static void
take_note(sqlite3_stmt *s, int column, struct facts **note)
{
	if (!has(s, column))
		return;
	*note = xmalloc(sizeof **note);
	facts_of_json(*note, text_at(s, column));
}

static bool
is_stamp(sqlite3_stmt *s, int size, int mtime, const struct walk_stamp *w)
{
	return has(s, size) && w->mtime_ns != 0 &&
	    sqlite3_column_int64(s, size) == w->size &&
	    sqlite3_column_int64(s, mtime) == w->mtime_ns;
}

static void
take_notes(sqlite3_stmt *s, const struct walk_file *f, struct db_notes *n)
{
	take_note(s, COL_TAGS, &n->tags);
	n->nfo_known = f->nfo == NULL || is_stamp(s, COL_NFO_SIZE,
	    COL_NFO_MTIME, &f->nfo_stamp);
	if (f->nfo != NULL && n->nfo_known)
		take_note(s, COL_NFO, &n->nfo);
	n->sidecar_known = !f->has_sidecar || is_stamp(s, COL_SIDECAR_SIZE,
	    COL_SIDECAR_MTIME, &f->sidecar);
	if (f->has_sidecar && n->sidecar_known)
		take_note(s, COL_SIDECAR, &n->sidecar);
}

static void
note_free(struct facts *f)
{
	if (f != NULL)
		facts_fini(f);
	free(f);
}

void
db_notes_fini(struct db_notes *n)
{
	note_free(n->tags);
	note_free(n->nfo);
	note_free(n->sidecar);
	*n = (struct db_notes){ 0 };
}

static sqlite3_stmt *
find(struct db *d, const char *path)
{
	sqlite3_stmt *s = db_stmt(d, DB_FIND);

	if (s == NULL || sqlite3_bind_blob(s, 1, path, (int)strlen(path),
	    SQLITE_STATIC) != SQLITE_OK || db_step(d, s) != SQLITE_ROW)
		return NULL;
	return s;
}

enum db_known
db_get(struct db *d, const struct walk_file *f, struct asset *a,
    struct chapters *c, struct db_notes *n)
{
	sqlite3_stmt *s = find(d, f->path);
	enum db_known known = DB_UNSURE;
	struct db_file row;

	*c = (struct chapters){ 0 };
	*n = (struct db_notes){
		.nfo_known = f->nfo == NULL,
		.sidecar_known = !f->has_sidecar,
	};
	if (s == NULL)
		return DB_NEW;
	if (sqlite3_column_int64(s, COL_SIZE) != f->size ||
	    sqlite3_column_int64(s, COL_MTIME) != f->mtime_ns) {
		known = DB_CHANGED;
	} else if (sqlite3_column_int64(s, COL_SURE) == 1) {
		if (db_row_read(s, &row) && db_row_more(d,
		    sqlite3_column_int64(s, COL_ID), &row)) {
			take(&row, a, c);
			take_notes(s, f, n);
			known = DB_KNOWN;
		} else {
			db_file_fini(&row);
		}
	}
	if (d->sql != NULL)		/* else s went with it */
		sqlite3_reset(d->stmts[DB_FIND]);
	return known;
}

static void
bind_text(sqlite3_stmt *s, int at, const char *text)
{
	sqlite3_bind_text(s, at, text, -1, SQLITE_STATIC);
}

/* SQLite frees the text. */
static void
bind_facts(sqlite3_stmt *s, int at, const struct facts *f)
{
	sqlite3_bind_text(s, at, facts_to_json(f), -1, free);
}

static void
bind_path(sqlite3_stmt *s, const char *path)
{
	sqlite3_bind_blob(s, 1, path, (int)strlen(path), SQLITE_STATIC);
}

static bool
put_asset(struct db *d, const struct walk_file *f, const struct asset *a,
    const struct facts *tags, bool sure)
{
	sqlite3_stmt *s = db_stmt(d, DB_PUT);

	bind_path(s, f->path);
	sqlite3_bind_int64(s, 2, f->size);
	sqlite3_bind_int64(s, 3, f->mtime_ns);
	bind_text(s, 4, asset_type_name(a->type));
	bind_text(s, 5, a->title != NULL ? a->title : "");
	sqlite3_bind_int64(s, 6, a->duration_us);
	sqlite3_bind_int(s, 7, a->video_stream);
	bind_text(s, 8, a->video_codec);
	sqlite3_bind_int(s, 9, a->width);
	sqlite3_bind_int(s, 10, a->height);
	sqlite3_bind_int64(s, 11, a->video_start_us);
	bind_text(s, 12, transfer_names[a->transfer]);
	bind_text(s, 13, a->bad);
	sqlite3_bind_int(s, 14, sure);
	sqlite3_bind_int64(s, 15, time(NULL));
	bind_facts(s, 16, tags);
	return db_run(d, s);
}

static bool
put_audio(struct db *d, sqlite3_int64 id, const struct asset *a)
{
	for (size_t i = 0; i < a->naudio; i++) {
		sqlite3_stmt *s = db_stmt(d, DB_PUT_AUDIO);

		sqlite3_bind_int64(s, 1, id);
		sqlite3_bind_int64(s, 2, (sqlite3_int64)i);
		sqlite3_bind_int(s, 3, a->audio[i].stream);
		bind_text(s, 4, a->audio[i].language);
		sqlite3_bind_int(s, 5, a->audio[i].channels);
		bind_text(s, 6, a->audio[i].codec);
		if (!db_run(d, s))
			return false;
	}
	return true;
}

static bool
put_chapters(struct db *d, sqlite3_int64 id, const struct chapters *c)
{
	for (size_t i = 0; i < c->n; i++) {
		sqlite3_stmt *s = db_stmt(d, DB_PUT_CHAPTER);

		sqlite3_bind_int64(s, 1, id);
		sqlite3_bind_int64(s, 2, (sqlite3_int64)i);
		sqlite3_bind_int64(s, 3, c->v[i].start_us);
		sqlite3_bind_int64(s, 4, c->v[i].end_us);
		bind_text(s, 5, c->v[i].title);
		if (!db_run(d, s))
			return false;
	}
	return true;
}

void
db_put(struct db *d, const struct walk_file *f, const struct asset *a,
    const struct chapters *c, const struct facts *tags, bool sure)
{
	sqlite3_int64 id;
	sqlite3_stmt *s;

	if (!db_begin(d))
		return;
	s = db_stmt(d, DB_DELETE_PATH);
	bind_path(s, f->path);
	if (!db_run(d, s) || !put_asset(d, f, a, tags, sure))
		return;
	id = sqlite3_last_insert_rowid(d->sql);
	if (put_audio(d, id, a))
		put_chapters(d, id, c);
}

void
db_put_bad(struct db *d, const struct walk_file *f, const char *why,
    bool sure)
{
	sqlite3_stmt *s;

	if (!db_begin(d))
		return;
	s = db_stmt(d, DB_PUT_BAD);
	bind_path(s, f->path);
	bind_text(s, 2, why);
	sqlite3_bind_int(s, 3, sure);
	db_run(d, s);
}

static void
put_note(struct db *d, enum db_statement which, const char *path,
    const struct walk_stamp *stamp, const struct facts *facts)
{
	sqlite3_stmt *s;

	if (!db_begin(d))
		return;
	s = db_stmt(d, which);
	bind_path(s, path);
	sqlite3_bind_int64(s, 2, stamp->size);
	sqlite3_bind_int64(s, 3, stamp->mtime_ns);
	bind_facts(s, 4, facts);
	db_run(d, s);
}

void
db_put_nfo(struct db *d, const struct walk_file *f,
    const struct facts *facts)
{
	put_note(d, DB_PUT_NFO, f->path, &f->nfo_stamp, facts);
}

void
db_put_sidecar(struct db *d, const struct walk_file *f,
    const struct facts *facts)
{
	put_note(d, DB_PUT_SIDECAR, f->path, &f->sidecar, facts);
}

void
db_put_show(struct db *d, const struct walk_show *show,
    const struct facts *facts)
{
	put_note(d, DB_PUT_SHOW, show->path, &show->stamp, facts);
}

bool
db_get_show(struct db *d, const struct walk_show *show,
    struct facts *facts)
{
	sqlite3_stmt *s = db_stmt(d, DB_SHOW);

	*facts = (struct facts)FACTS_NONE;
	if (s == NULL || show->stamp.mtime_ns == 0)
		return false;
	bind_path(s, show->path);
	sqlite3_bind_int64(s, 2, show->stamp.size);
	sqlite3_bind_int64(s, 3, show->stamp.mtime_ns);
	if (db_step(d, s) != SQLITE_ROW)
		return false;
	facts_of_json(facts, text_at(s, 0));
	sqlite3_reset(s);
	return true;
}

void
db_describe(struct db *d, const struct asset *a, const char *fault)
{
	const struct facts about = { .type = -1, .about = a->about };
	sqlite3_stmt *s;

	if (!db_begin(d))
		return;
	s = db_stmt(d, DB_DESCRIBE);
	bind_path(s, a->path);
	bind_text(s, 2, a->title);
	bind_text(s, 3, asset_type_name(a->type));
	bind_text(s, 4, fault);
	bind_facts(s, 5, &about);
	db_run(d, s);
}
