/* retrovued - a television station in a daemon: options, then the loop. */

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <malloc.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "base/instant.h"
#include "base/version.h"
#include "base/xmem.h"
#include "io/logfile.h"
#include "io/pidfile.h"
#include "io/privs.h"
#include "io/station_run.h"
#include "media/config.h"
#include "media/files.h"
#include "media/libs.h"
#include "media/shimfind.h"
#include "paths.h"

#define CONFIG_FILE	SYSCONFDIR "/retrovue/retrovued.yaml"
#define PID_FILE	"retrovued.pid"	/* beside the control socket */
#define EXIT_RUNNING	75
#define HEAP_SLACK	(64 << 10)	/* bytes that may lie idle */

struct options {
	const char *config;
	const char *pidfile;	/* NULL: PID_FILE */
	int ready_fd;		/* -1: none */
	const char *user;	/* whom root becomes; NULL: as is configured */
	bool foreground, check, verbose;
	int64_t start_ns;	/* -1: now */
};

static void
usage(FILE *to)
{
	fputs("usage: retrovued [-fnv] [-c FILE] [-P FILE] [-R FD] [-T TIME] "
	    "[-u USER]\n"
	    "  -c FILE   station file (" CONFIG_FILE ")\n"
	    "  -f        stay in the foreground, log to the terminal too\n"
	    "  -n        check the configuration and exit\n"
	    "  -P FILE   PID file (" PID_FILE " beside the control socket)\n"
	    "  -R FD     write a newline to descriptor FD once ready\n"
	    "  -v        log debugging events\n"
	    "  -T TIME   the house clock starts at TIME "
	    "(2026-01-15T14:30:00Z)\n"
	    "  -u USER   whom to become when started as root "
	    "(station.user, else " PRIVS_USER ")\n"
	    "  -h, -V    this help; the version\n"
	    "See retrovued(8).\n", to);
}

/* Now, while the number can only be one that we were given; -1 if it is none
 * that could be written to. */
static int
parse_fd(const char *s)
{
	char *end;
	long fd = strtol(s, &end, 10);
	int flags;

	if (*s < '0' || *s > '9' || *end != '\0' || fd > INT_MAX ||
	    fd <= STDERR_FILENO)
		return -1;
	flags = fcntl((int)fd, F_GETFL);
	return flags < 0 || (flags & O_ACCMODE) == O_RDONLY ? -1 : (int)fd;
}

static int
options_parse(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	int c;

	*o = (struct options){ .config = CONFIG_FILE, .ready_fd = -1,
	    .start_ns = -1 };
	while ((c = getopt_long(argc, argv, "c:fhnP:R:T:u:vV", longs,
	    NULL)) != -1) {
		switch (c) {
		case 'c':
			o->config = optarg;
			break;
		case 'f':
			o->foreground = true;
			break;
		case 'n':
			o->check = true;
			break;
		case 'P':
			o->pidfile = optarg;
			break;
		case 'R':
			if ((o->ready_fd = parse_fd(optarg)) < 0) {
				fprintf(stderr, "retrovued: -R %s: not an open "
				    "descriptor above 2 that can be written "
				    "to\n", optarg);
				return EX_USAGE;
			}
			break;
		case 'v':
			o->verbose = true;
			break;
		case 'T':
			if ((o->start_ns = instant_parse(optarg)) < 0) {
				fprintf(stderr, "retrovued: -T %s: not a time "
				    "like 2026-01-15T14:30:00Z\n", optarg);
				return EX_USAGE;
			}
			break;
		case 'u':
			o->user = optarg;
			break;
		case 'h':
			usage(stdout);
			exit(EX_OK);
		case 'V':
			puts("retrovued " RETROVUE_VERSION);
			exit(EX_OK);
		default:
			usage(stderr);
			return EX_USAGE;
		}
	}
	if (optind != argc) {
		usage(stderr);
		return EX_USAGE;
	}
	return EX_OK;
}

/* EX_OK with the configuration in *out, else the exit code; all that is wrong
 * with it is printed. */
static int
config_read(const char *path, struct config **out)
{
	struct errs e = { 0 };
	struct buf text = { 0 };
	struct config *cfg = config_load(path, &e);
	int rc;

	errs_print(&e, &text);
	if (text.len != 0)
		fputs(buf_str(&text), stderr);
	if (e.faults != 0 && cfg != NULL) {
		config_free(cfg);
		cfg = NULL;
	}
	rc = cfg != NULL ? EX_OK : e.lacking ? EX_OSERR : EX_CONFIG;
	buf_fini(&text);
	errs_fini(&e);
	*out = cfg;
	return rc;
}

/* Whom we become where we are root: *p, or nobody else with *p's name NULL
 * where we are not.  Root, too, has to be asked for. */
static int
user_find(const struct options *o, const struct station *st, struct privs *p)
{
	const char *name = o->user != NULL ? o->user : st->user != NULL ?
	    st->user : PRIVS_USER;
	int rc = privs_find(name, p);

	if (geteuid() != 0) {
		if (o->user != NULL && (rc < 0 || p->uid != geteuid())) {
			fprintf(stderr, "retrovued: -u %s: only root can "
			    "become another user\n", name);
			return EX_NOPERM;
		}
		p->name = NULL;
		return EX_OK;
	}
	if (rc < 0) {
		fprintf(stderr, "retrovued: started as root, and there is no "
		    "user '%s' to become: make one (useradd --system %s), or "
		    "name another with -u; '-u root' stays root\n", name,
		    name);
		return EX_CONFIG;
	}
	return EX_OK;
}

/* Children can be others' only while we are root. */
static int
child_user_check(const struct station *st, const struct privs *p)
{
	struct privs child;

	if (st->ffmpeg.user == NULL)
		return EX_OK;
	if (p->name == NULL || p->uid != 0) {
		fprintf(stderr, "retrovued: ffmpeg.user: only a daemon that "
		    "stays root (-u root) can give its children another "
		    "user\n");
		return EX_CONFIG;
	}
	if (privs_find(st->ffmpeg.user, &child) == 0)
		return EX_OK;
	fprintf(stderr, "retrovued: ffmpeg.user: there is no user '%s'\n",
	    st->ffmpeg.user);
	return EX_CONFIG;
}

static int
dir_make_as(const char *path, const struct privs *p)
{
	int rc = privs_enter(p), left;

	if (rc == 0 && files_make_dirs(path) < 0)
		rc = -errno;
	left = privs_leave(p);
	return rc < 0 ? rc : left;
}

/* By the user where he may, else by root and given to him.  What was there is
 * left to whose it is. */
static int
dir_make(const char *path, const struct privs *p)
{
	bool fresh = access(path, F_OK) < 0;

	if (p->name != NULL && dir_make_as(path, p) == 0)
		return 0;
	if (files_make_dirs(path) == 0 && (!fresh || p->name == NULL ||
	    lchown(path, p->uid, p->gid) == 0))
		return 0;
	fprintf(stderr, "retrovued: %s: %s%s\n", path, strerror(errno),
	    errno == EACCES ? "; start as root, or name directories of your "
	    "own: paths, control.socket" : "");
	return -1;
}

static int
dirs_make(const struct station *st, const struct privs *p)
{
	char *control = xstrdup(st->control_socket);
	char *slash = strrchr(control, '/');
	int rc = 0;

	if (slash != NULL && slash != control) {
		*slash = '\0';
		rc = dir_make(control, p);
	}
	free(control);
	if (rc == 0)
		rc = dir_make(st->state_dir, p);
	if (rc == 0)
		rc = dir_make(st->log_dir, p);
	if (rc == 0)
		rc = dir_make(st->asrun_dir, p);
	return rc;
}

/* The log is made by who will have to make it anew. */
static int
log_open(const struct station *st, const struct privs *p)
{
	int rc = 0, left = 0;

	if (p->name != NULL)
		rc = privs_enter(p);
	if (rc == 0)
		rc = logfile_open(st->log_dir);
	if (p->name != NULL)
		left = privs_leave(p);
	return rc < 0 ? rc : left;
}

static char *
pidfile_path(const struct options *o, const struct station *st)
{
	const char *slash = strrchr(st->control_socket, '/');

	if (o->pidfile != NULL)
		return xstrdup(o->pidfile);
	return xasprintf("%.*s/" PID_FILE, (int)(slash - st->control_socket),
	    st->control_socket);
}

/* First of all: what a daemon that runs has open is not to be touched. */
static int
pidfile_take(const char *path, struct pidfile **out)
{
	pid_t other;
	int rc = pidfile_open(out, path, &other);

	if (rc == -EAGAIN && other != 0)
		fprintf(stderr, "retrovued: another runs, pid %d: %s is "
		    "locked\n", (int)other, path);
	else if (rc == -EAGAIN)
		fprintf(stderr, "retrovued: another runs: %s is locked\n",
		    path);
	else if (rc < 0)
		fprintf(stderr, "retrovued: PID file %s: %s\n", path,
		    rc == -EINVAL ? "is there, and is none: move it away, "
		    "or name another with -P" :
		    rc == -ELOOP ? "a symbolic link" : strerror(-rc));
	return rc == 0 ? EX_OK : rc == -EAGAIN ? EXIT_RUNNING :
	    rc == -EACCES || rc == -EPERM ? EX_NOPERM : EX_OSERR;
}

/* Directories, the PID file and the log. */
static int
prepare(const struct options *o, const struct station *st,
    const struct privs *p, struct pidfile **pidfile)
{
	char *path;
	int rc;

	if (dirs_make(st, p) < 0)
		return errno == EACCES ? EX_NOPERM : EX_OSERR;
	path = pidfile_path(o, st);
	rc = pidfile_take(path, pidfile);
	free(path);
	if (rc != EX_OK)
		return rc;
	logfile_init(o->foreground, o->verbose);
	logfile_configure(st->log_level);
	if ((rc = log_open(st, p)) < 0) {
		fprintf(stderr, "retrovued: %s/playout.log: %s%s%s\n",
		    st->log_dir, strerror(-rc), p->name != NULL ? " to " : "",
		    p->name != NULL ? p->name : "");
		return rc == -EACCES ? EX_NOPERM : EX_OSERR;
	}
	return EX_OK;
}

/* The strings outlive cfg, which a reload replaces. */
static int
run_as(const struct options *o, struct config *cfg, const struct privs *p)
{
	const struct station *st = cfg->station;
	char *ffmpeg = xstrdup(st->ffmpeg.ffmpeg);
	char *ffprobe = xstrdup(st->ffmpeg.ffprobe);
	struct shim *shim = shimfind(st);
	struct pidfile *pidfile = NULL;
	struct station_options so = {
		.daemonize = !o->foreground,
		.start_ns = o->start_ns,
		.ffmpeg = ffmpeg,
		.ffprobe = ffprobe,
		.shim = shim,
		.user = p->name != NULL ? p : NULL,
		.config = o->config,
		.ready_fd = o->ready_fd,
	};
	int rc;

	/* Until there is a log to be opened anew. */
	signal(SIGUSR1, SIG_IGN);
	if ((rc = prepare(o, st, p, &pidfile)) == EX_OK) {
		so.pidfile = pidfile;
		rc = station_run(cfg, &so);
	} else {
		config_free(cfg);
	}
	pidfile_close(pidfile);
	shim_free(shim);
	free(ffprobe);
	free(ffmpeg);
	return rc;
}

static int
run(const struct options *o, struct config *cfg)
{
	struct privs p = { 0 };
	int rc;

	if ((rc = user_find(o, cfg->station, &p)) != EX_OK ||
	    (rc = child_user_check(cfg->station, &p)) != EX_OK) {
		config_free(cfg);
		return rc;
	}
	return run_as(o, cfg, &p);
}

/* A station that is read anew is two for a moment; what the old one had goes
 * back to the system, wherever it was allocated. */
static void
memory_return(void)
{
#ifdef M_ARENA_MAX
	(void)mallopt(M_ARENA_MAX, 2);
	(void)mallopt(M_TRIM_THRESHOLD, HEAP_SLACK);
	(void)mallopt(M_MMAP_THRESHOLD, HEAP_SLACK);
#endif
}

int
main(int argc, char **argv)
{
	struct options o;
	struct config *cfg;
	int rc;

	if ((rc = options_parse(argc, argv, &o)) != EX_OK)
		return rc;
	memory_return();
	libs_init();
	if ((rc = config_read(o.config, &cfg)) != EX_OK)
		return rc;
	if (!o.check)
		return run(&o, cfg);
	printf("%s: %zu channels, no fault\n", o.config, cfg->nchans);
	config_free(cfg);
	return EX_OK;
}
