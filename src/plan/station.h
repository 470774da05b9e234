/* station.h - retrovued.yaml, read and checked.
 *
 * Every key has a default, so an empty file is a station.  Relative paths
 * are made absolute against the station file's directory here, and nowhere
 * else. */

#ifndef PLAN_STATION_H
#define PLAN_STATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/net.h"
#include "plan/format.h"
#include "plan/library.h"
#include "plan/node.h"

struct station_library {
	char *path;		/* absolute directory */
	enum asset_type type;
	struct texts tags;	/* of all that is in it, beside its own */
	char *file;		/* that names it, and where */
	unsigned line, column;
};

struct station_listen {
	char *host;		/* numeric address, without brackets */
	uint16_t port;		/* 0: any free one, for tests */
};

enum sandbox {
	SANDBOX_OFF,		/* children may do what the daemon may */
	SANDBOX_ON,		/* as much as the kernel can */
	SANDBOX_REQUIRED,	/* all of it, or the child does not start */
	SANDBOX_NMODES
};

extern const char *const sandbox_names[SANDBOX_NMODES];

#define STATION_SPAWNS_MAX	100	/* that may be allowed in a second */

/* How children are started. */
struct station_ffmpeg {
	char *ffmpeg, *ffprobe;	/* absolute, or a name to be found in PATH */
	char *preset;		/* of libx264 */
	int threads;		/* of the encoder; 0: it decides */
	int nice;
	int spawns;		/* that may be started in a second, in all */
	enum sandbox sandbox;
	char *user;		/* who children run as; NULL: the daemon's */
	char **read;		/* what they may read besides, absolute */
	size_t nread;
	char **env;		/* variables that they keep, by name */
	size_t nenv;
};

#define STATION_BACKLOG_MAX_S	10

/* How streams reach viewers. */
struct station_relay {
	int64_t backlog_ns;	/* what a viewer gets at once, of a channel
				 * that says nothing else */
	int64_t ring_ns;	/* how much of the stream is kept */
	int coalesce_ms;	/* from one sending to a viewer to the next */
	bool sendfile;		/* else every viewer's bytes are copied */
};

enum announce {
	ANNOUNCE_AUTO,		/* where the station is open */
	ANNOUNCE_OFF,
	ANNOUNCE_ON,
};

#define STATION_TUNERS_MAX	255	/* their number is told in a byte */

/* The station as HDHomeRun's clients find it. */
struct station_hdhr {
	bool enabled;
	unsigned tuners;	/* 0: as many as channels */
	uint32_t device_id;	/* 0: the one in the state directory */
	enum announce ssdp, discovery;
};

/* How much is had at once, and how long it may take: key, default, the least
 * and the most that may be said. */
#define STATION_LIMITS(X)						\
	X(viewers, 2048, 1, 100000)					\
	X(viewers_per_address, 64, 1, 100000)				\
	X(connections, 2048, 16, 100000) /* that are no viewers */	\
	X(pending, 256, 8, 100000)	/* that owe us a request */	\
	X(catchups, 4, 0, 1000)		/* viewers of what has aired */	\
	X(control, 16, 1, 1024)						\
	X(request_line, 4096, 256, 16384)	/* bytes */		\
	X(head, 16384, 1024, 65536)		/* bytes */		\
	X(fields, 64, 8, 1024)						\
	X(head_seconds, 10, 1, 3600)	/* for a request's head */	\
	X(idle_seconds, 15, 1, 3600)	/* between two requests */	\
	X(stuck_seconds, 30, 1, 3600)	/* in which nothing is taken */	\
	X(answer_seconds, 300, 1, 86400) /* for all of a document */	\
	X(user_timeout_seconds, 20, 1, 3600) /* ... or acknowledged */

struct station_limits {
#define X(name, dflt, min, max) int64_t name;
	STATION_LIMITS(X)
#undef X
};

/* Who may ask for what over TCP. */
struct station_gate {
	struct net *allow;	/* beside this machine; none: everybody */
	size_t nallow;
	struct texts hosts;	/* names that are ours beside the local ones */
	char *token;		/* what paths begin with, or NULL */
	struct station_limits limits;
};

/* A house format that channels may have by its name. */
struct station_format {
	char *name;
	struct format format;
};

struct station {
	char *dir;		/* of the station file, absolute */
	char *name;
	char *timezone;		/* IANA name; NULL: the system's */
	unsigned timezone_line, timezone_column;
	int64_t since_days;	/* first day ever planned, days since 1970 */
	int64_t patience_ns;	/* with new files, before airing without */
	int64_t rescan_ns;	/* the libraries are looked through again after
				 * so long; 0: when told to */
	int guide_days;		/* ahead, beside today */
	bool measure;		/* loudness and lulls, in the background */
	char *user;		/* who the daemon becomes; NULL: "retrovue" */
	struct station_ffmpeg ffmpeg;
	struct station_relay relay;
	struct station_listen *listens;
	size_t nlistens;
	char *base_url;		/* without '/' at its end; NULL: the Host that
				 * was asked for */
	struct station_hdhr hdhr;
	struct station_gate gate;
	char *control_socket;
	unsigned control_mode;	/* permission bits */
	char *control_group;	/* a name; NULL: "retrovue" if there is one */
	char *state_dir, *log_dir, *asrun_dir;
	const char *log_level;	/* "error", "warn", "info", "debug"; static */
	struct station_library *libraries;
	size_t nlibraries;
	struct station_format *formats;
	size_t nformats;
	char *channels_dir;	/* a directory, or NULL where files are listed */
	char **channel_files;
	size_t nchannel_files;
};

/* The station in the file at path (absolute), or NULL; all faults in e. */
struct station *station_load(const char *path, node_read_fn *read, void *ctx,
    struct errs *e);

/* Where the daemon of that file listens, malloc'd: told even if the rest of
 * the file is at fault.  NULL, with the faults in e, where even that cannot
 * be read. */
char *station_load_socket(const char *path, node_read_fn *read, void *ctx,
    struct errs *e);
void station_free(struct station *s);

/* A running daemon goes on with some of what its file said when it was
 * started.  Append the keys of which st, as that file is by now, says another
 * thing, "http.listen, paths.log", and return how many they are. */
size_t station_start_keys(const struct station *started,
    const struct station *st, struct buf *keys);

/* Give st back what of that is asked for on the way: where the daemon listens,
 * which is what others are told, and its state directory. */
void station_start_keep(const struct station *started, struct station *st);

/* Append what URLs of this station begin with, "http://tv:8080": what is
 * configured, else the Host field's value, else (it is "" or none that can be
 * told on) where the station listens first. */
void station_base_url(const struct station *st, const char *host,
    struct buf *out);

/* The same without scheme and host, for who knows these: "" or "/a/path". */
void station_base_path(const struct station *st, struct buf *out);

/* How many channels may be watched as HDHomeRun's at a time. */
unsigned station_tuners(const struct station *st, size_t nchannels);

/* True if others than this machine can reach it by IPv4, which is what
 * discovery speaks. */
bool station_is_open(const struct station *st);

/* Where to wait for who searches: everywhere if it is open, else where it
 * listens itself. */
const char *station_search_host(const struct station *st);

/* Append what URLs begin with for who reaches our IPv4 address local; false
 * if nothing of ours listens there. */
bool station_base_url_at(const struct station *st, const char *local,
    struct buf *out);

/* Whether it is to be announced in that way. */
bool station_announces(const struct station *st, enum announce how);

/* True if the station answers to that Host field's value. */
bool station_is_host(const struct station *st, const char *host);

/* True if it answers who has that address. */
bool station_allows(const struct station *st, const uint8_t addr[NET_ADDR]);

/* The format of channels that name none, and of what others leave out. */
struct format station_format_default(const struct station *st);

/* *out is the format that the text at names; where there is none, that is a
 * fault and *out as it was. */
void station_format_find(const struct station *st, const struct node *at,
    struct errs *e, struct format *out);

/* path made absolute against dir and cleaned of "." and "//" (".." stays:
 * it may cross a symlink); malloc'd. */
char *path_resolve(const char *dir, const char *path);

#endif
