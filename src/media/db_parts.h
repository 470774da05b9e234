/* db_parts.h - what the files of db.h share. */

#ifndef MEDIA_DB_PARTS_H
#define MEDIA_DB_PARTS_H

#include <sqlite3.h>
#include <stdbool.h>

#include "media/db.h"

/* The statements that are used again and again, and the columns that
 * db_row_read() wants. */
#define DB_COLUMNS							\
	"id, path, size, mtime_ns, type, title, duration_us, "		\
	"video_stream, video_codec, width, height, video_start_us, "	\
	"transfer, bad, fault, sure, tags, nfo, nfo_size, "		\
	"nfo_mtime_ns, sidecar, sidecar_size, sidecar_mtime_ns, about, "\
	"measured, loudness, true_peak, lulls"

/* Their numbers, in that order. */
enum db_column {
	COL_ID, COL_PATH, COL_SIZE, COL_MTIME, COL_TYPE, COL_TITLE,
	COL_DURATION, COL_VIDEO, COL_VIDEO_CODEC, COL_WIDTH, COL_HEIGHT,
	COL_VIDEO_START, COL_TRANSFER, COL_BAD, COL_FAULT, COL_SURE,
	COL_TAGS, COL_NFO, COL_NFO_SIZE, COL_NFO_MTIME, COL_SIDECAR,
	COL_SIDECAR_SIZE, COL_SIDECAR_MTIME, COL_ABOUT, COL_MEASURED,
	COL_LOUDNESS, COL_TRUE_PEAK, COL_LULLS,
};

#define DB_IS_UNMEASURED						\
	"measured = 0 AND sure = 1 AND bad IS NULL AND fault IS NULL"

#define DB_STATEMENTS(X)						\
	X(BEGIN, "BEGIN IMMEDIATE")					\
	X(BEGIN_READING, "BEGIN")					\
	X(COMMIT, "COMMIT")						\
	X(FIND, "SELECT " DB_COLUMNS " FROM assets WHERE path = ?1")	\
	X(LIST, "SELECT " DB_COLUMNS " FROM assets ORDER BY path")	\
	X(PATHS, "SELECT id, path FROM assets")				\
	X(AUDIO, "SELECT stream, language, channels, codec FROM audio "	\
	    "WHERE asset = ?1 ORDER BY n LIMIT 64")			\
	X(CHAPTERS, "SELECT start_us, end_us, title FROM chapters "	\
	    "WHERE asset = ?1 ORDER BY n LIMIT 1000")			\
	X(DELETE, "DELETE FROM assets WHERE id = ?1")			\
	X(DELETE_PATH, "DELETE FROM assets WHERE path = ?1")		\
	X(PUT, "INSERT INTO assets (path, size, mtime_ns, type, title, " \
	    "duration_us, video_stream, video_codec, width, height, "	\
	    "video_start_us, transfer, bad, sure, probed_at, tags) "	\
	    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, "	\
	    "?12, ?13, ?14, ?15, ?16)")					\
	X(PUT_BAD, "UPDATE assets SET bad = ?2, sure = ?3 "		\
	    "WHERE path = ?1")						\
	X(PUT_NFO, "UPDATE assets SET nfo_size = ?2, nfo_mtime_ns = ?3, " \
	    "nfo = ?4 WHERE path = ?1")					\
	X(PUT_SIDECAR, "UPDATE assets SET sidecar_size = ?2, "		\
	    "sidecar_mtime_ns = ?3, sidecar = ?4 WHERE path = ?1")	\
	X(PUT_SHOW, "INSERT OR REPLACE INTO shows "			\
	    "VALUES (?1, ?2, ?3, ?4)")					\
	X(SHOW, "SELECT facts FROM shows WHERE path = ?1 AND "		\
	    "size = ?2 AND mtime_ns = ?3")				\
	X(UNMEASURED, "SELECT " DB_COLUMNS " FROM assets WHERE "	\
	    DB_IS_UNMEASURED " AND (duration_us, id) > (?1, ?2) "	\
	    "ORDER BY duration_us, id LIMIT ?3")			\
	X(COUNT_UNMEASURED, "SELECT count(*) FROM assets WHERE "	\
	    DB_IS_UNMEASURED)						\
	X(PUT_MEASURE, "UPDATE assets SET measured = 1, loudness = ?4, " \
	    "true_peak = ?5, lulls = ?6 WHERE path = ?1 AND "		\
	    "size = ?2 AND mtime_ns = ?3")				\
	X(PUT_AUDIO, "INSERT INTO audio VALUES (?1, ?2, ?3, ?4, ?5, ?6)") \
	X(PUT_CHAPTER, "INSERT INTO chapters "				\
	    "VALUES (?1, ?2, ?3, ?4, ?5)")				\
	X(DESCRIBE, "UPDATE assets SET title = ?2, type = ?3, "		\
	    "fault = ?4, about = ?5 WHERE path = ?1 AND "		\
	    "(title IS NOT ?2 OR type IS NOT ?3 OR fault IS NOT ?4 OR "	\
	    "about IS NOT ?5)")

enum db_statement {
#define X(name, sql) DB_##name,
	DB_STATEMENTS(X)
#undef X
	DB_NSTATEMENTS
};

struct db {
	char *path;
	sqlite3 *sql;		/* NULL: nothing to read or write */
	sqlite3_stmt *stmts[DB_NSTATEMENTS];
	bool writable;
	bool begun;		/* in a transaction */
	struct errs *errs;	/* NULL where it was opened to read */
};

/* A statement, ready for values; NULL where there is no database. */
sqlite3_stmt *db_stmt(struct db *d, enum db_statement s);

/* Step it; SQLITE_ROW, SQLITE_DONE or an error, which has been dealt with:
 * garbage is moved aside, what cannot be written is given up. */
int db_step(struct db *d, sqlite3_stmt *s);

/* One step of a statement without rows; false where that failed. */
bool db_run(struct db *d, sqlite3_stmt *s);

/* In a transaction from here on; false where nothing can be written. */
bool db_begin(struct db *d);

/* Loudness and lulls of a row. */
void db_measure_read(sqlite3_stmt *s, struct asset *a);

/* Fill *f from the row of DB_FIND or DB_LIST; db_row_read() leaves out what
 * stands in tables of its own, which db_row_more() reads.  False where the
 * row cannot be what db_put() wrote. */
bool db_row_read(sqlite3_stmt *s, struct db_file *f);
bool db_row_more(struct db *d, sqlite3_int64 id, struct db_file *f);

#endif
