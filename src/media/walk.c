#include "media/walk.h"

#include <dirent.h>
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/arith.h"
#include "base/xmem.h"
#include "media/stray.h"

static const char *const extensions[] = {
	"mkv", "mp4", "m4v", "avi", "mov", "mpg", "mpeg", "ts", "m2ts",
	"flv", "webm", "wmv", "ogv", "ogg", "mp3", "flac", "wav", "m4a",
	"vob", "divx", "3gp", "asf", NULL
};

struct paths {
	char **items;
	size_t n, cap;
};

struct seen_dir {
	dev_t dev;
	ino_t ino;
};

struct walker {
	struct walk *walk;
	enum asset_type type;
	size_t root;
	struct errs *errs;
	size_t strays;		/* sidecars of no file */
	struct paths dirs;	/* still to be read */
	struct paths links;	/* as above, but shown by a symbolic link */
	void *seen;		/* tree of struct seen_dir */
};

bool
walk_is_media(const char *name)
{
	const char *dot = strrchr(name, '.');

	if (dot == NULL || dot == name)
		return false;
	for (const char *const *ext = extensions; *ext != NULL; ext++) {
		if (strcasecmp(dot + 1, *ext) == 0)
			return true;
	}
	return false;
}

static void
paths_push(struct paths *p, char *path)
{
	xgrow(&p->items, &p->cap, p->n + 1, sizeof *p->items);
	p->items[p->n++] = path;
}

static void
paths_fini(struct paths *p)
{
	while (p->n > 0)
		free(p->items[--p->n]);
	free(p->items);
}

static int
by_path_down(const void *a, const void *b)
{
	return strcmp(*(char *const *)b, *(char *const *)a);
}

static int
by_identity(const void *a, const void *b)
{
	const struct seen_dir *x = a, *y = b;

	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	return (x->ino > y->ino) - (x->ino < y->ino);
}

/* Somebody waits and wants to see that this goes on. */
static void
step(struct walk *w)
{
	__atomic_fetch_add(&w->steps, 1, __ATOMIC_RELAXED);
}

/* True the first time that st's directory comes by. */
static bool
is_new(struct walker *w, const struct stat *st)
{
	struct seen_dir *dir = xmalloc(sizeof *dir);
	void *node;

	*dir = (struct seen_dir){ .dev = st->st_dev, .ino = st->st_ino };
	if ((node = tsearch(dir, &w->seen, by_identity)) == NULL)
		xmem_exhausted();
	if (*(struct seen_dir **)node == dir)
		return true;
	free(dir);
	return false;
}

/* Takes path. */
static struct walk_file *
add(struct walk *w, char *path, enum asset_type type, const struct stat *st)
{
	struct walk_file *f;

	xgrow(&w->files, &w->cap, w->n + 1, sizeof *w->files);
	f = &w->files[w->n];
	*f = (struct walk_file){ .path = path, .type = type, .order = w->n };
	if (st != NULL) {
		f->size = (int64_t)st->st_size;
		f->mtime_ns = (int64_t)st->st_mtim.tv_sec * NS_PER_S +
		    st->st_mtim.tv_nsec;
		f->device = (uint64_t)st->st_dev;
	}
	w->n++;
	return f;
}

static struct walk_stamp
stamp_of(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return (struct walk_stamp){ 0 };
	return (struct walk_stamp){
		.size = (int64_t)st.st_size,
		.mtime_ns = (int64_t)st.st_mtim.tv_sec * NS_PER_S +
		    st.st_mtim.tv_nsec,
	};
}

static void
set_sidecar(struct walk_file *f)
{
	char *path = xasprintf("%s.yaml", f->path);

	f->has_sidecar = true;
	f->sidecar = stamp_of(path);
	free(path);
}

void
walk_add(struct walk *w, const char *path, enum asset_type type)
{
	char *sidecar = xasprintf("%s.yaml", path);
	struct stat st;
	bool there = stat(path, &st) == 0;
	struct walk_file *f;

	f = add(w, xstrdup(path), type, there ? &st : NULL);
	if (lstat(sidecar, &st) == 0)
		set_sidecar(f);
	free(sidecar);
	step(w);
}

static char *
join(const char *dir, const char *name)
{
	size_t len = strlen(dir);
	bool slash = len > 0 && dir[len - 1] == '/';

	return xasprintf("%s%s%s", dir, slash ? "" : "/", name);
}

static int
is_visible(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* Directories as scandir(3) gives them, in by_name()'s order. */
struct names {
	struct dirent **v;
	size_t n;
	size_t media;		/* how many are called like media */
};

static int
compare_name(const void *name, const void *entry)
{
	return strcmp(name, (*(struct dirent *const *)entry)->d_name);
}

static bool
has_name(const struct names *all, const char *name)
{
	return all->n > 0 && bsearch(name, all->v, all->n, sizeof *all->v,
	    compare_name) != NULL;
}

/* Takes path; what it tells of f is as old as it is itself. */
static void
set_nfo(struct walk_file *f, char *path)
{
	f->nfo = path;
	f->nfo_stamp = stamp_of(path);
}

/* What stands beside f, whose name that is, in dir. */
static void
find_notes(struct walk_file *f, const char *dir, const char *name,
    const struct names *all)
{
	size_t stem = (size_t)(strrchr(name, '.') - name);
	char *sidecar = xasprintf("%s.yaml", name);
	char *nfo = xasprintf("%.*s.nfo", (int)stem, name);

	if (has_name(all, sidecar))
		set_sidecar(f);
	if (has_name(all, nfo))
		set_nfo(f, join(dir, nfo));
	else if (all->media == 1 && has_name(all, "movie.nfo"))
		set_nfo(f, join(dir, "movie.nfo"));
	free(nfo);
	free(sidecar);
}

static void
add_show(struct walk *w, char *path)
{
	xgrow(&w->shows, &w->shows_cap, w->nshows + 1, sizeof *w->shows);
	w->shows[w->nshows++] = (struct walk_show){
		.path = path, .stamp = stamp_of(path),
	};
}

/* One name in a directory; d_type spares a stat() where the file system
 * tells it. */
static void
visit(struct walker *w, const char *dir, const struct names *all,
    const struct dirent *d)
{
	bool media = walk_is_media(d->d_name), link, there;
	struct walk_file *f;
	struct stat st;
	char *path;

	step(w->walk);
	if (d->d_type == DT_REG && !media)
		return;
	path = join(dir, d->d_name);
	there = lstat(path, &st) == 0;
	link = there && S_ISLNK(st.st_mode);
	if (link)
		there = stat(path, &st) == 0;
	if (there && S_ISDIR(st.st_mode)) {
		paths_push(link ? &w->links : &w->dirs, path);
		return;
	}
	if (!media) {
		free(path);
		return;
	}
	f = add(w->walk, path, w->type, there ? &st : NULL);
	f->root = w->root;
	find_notes(f, dir, d->d_name, all);
}

void
walk_miss(struct walk *w, const char *path)
{
	xgrow(&w->unread, &w->unread_cap, w->nunread + 1, sizeof *w->unread);
	w->unread[w->nunread++] = xstrdup(path);
}

bool
walk_is_missed(const struct walk *w, const char *path, size_t len)
{
	for (size_t i = 0; i < w->nunread; i++) {
		const char *top = w->unread[i];
		size_t n = strlen(top);

		if (n <= len && memcmp(top, path, n) == 0 && (n == len ||
		    path[n] == '/' || (n > 0 && top[n - 1] == '/')))
			return true;
	}
	return false;
}

static void
cannot_read(struct walker *w, const char *dir)
{
	walk_miss(w->walk, dir);
	errs_warn(w->errs, dir, 0, 0, "cannot read the directory: %s",
	    strerror(errno));
}

static void
find_strays(struct walker *w, const char *dir, const struct names *all)
{
	const char **v = xcalloc(all->n, sizeof *v);

	for (size_t i = 0; i < all->n; i++)
		v[i] = all->v[i]->d_name;
	stray_say(dir, v, all->n, &w->strays, w->errs);
	free(v);
}

static void
read_dir(struct walker *w, const char *dir)
{
	struct names names;
	struct stat st;
	int n;

	if (stat(dir, &st) < 0) {
		cannot_read(w, dir);
		return;
	}
	if (!is_new(w, &st))
		return;
	if ((n = scandir(dir, &names.v, is_visible, by_name)) < 0) {
		cannot_read(w, dir);
		return;
	}
	names.n = (size_t)n;
	names.media = 0;
	for (size_t i = 0; i < names.n; i++)
		names.media += walk_is_media(names.v[i]->d_name);
	if (has_name(&names, "tvshow.nfo"))
		add_show(w->walk, join(dir, "tvshow.nfo"));
	for (size_t i = 0; i < names.n; i++)
		visit(w, dir, &names, names.v[i]);
	find_strays(w, dir, &names);
	for (size_t i = 0; i < names.n; i++)
		free(names.v[i]);
	free(names.v);
}

/* The next directory, NULL at the end.  Links come last, in the order of
 * their paths: which of two links shows a directory depends on names only. */
static char *
next_dir(struct walker *w)
{
	struct paths *links = &w->links;

	if (w->dirs.n > 0)
		return w->dirs.items[--w->dirs.n];
	if (links->n == 0)
		return NULL;
	qsort(links->items, links->n, sizeof *links->items, by_path_down);
	return links->items[--links->n];
}

void
walk_library(struct walk *walk, const char *root, enum asset_type type,
    const volatile int *stop, struct errs *e)
{
	struct walker w = { .walk = walk, .type = type, .errs = e,
	    .root = strlen(root) };
	size_t before = walk->n, missed = walk->nunread;
	char *dir;

	paths_push(&w.dirs, xstrdup(root));
	while ((dir = next_dir(&w)) != NULL) {
		if (stop != NULL &&
		    __atomic_load_n(stop, __ATOMIC_RELAXED) != 0)
			walk_miss(walk, dir);
		else
			read_dir(&w, dir);
		free(dir);
	}
	/* Nothing at all looks like a disk that is not mounted. */
	if (walk->n == before && walk->nunread == missed) {
		walk_miss(walk, root);
		errs_warn(e, root, 0, 0, "there is no media file in this "
		    "library: what was known of it is kept");
	}
	stray_say_rest(root, w.strays, e);
	paths_fini(&w.dirs);
	paths_fini(&w.links);
	tdestroy(w.seen, free);
}

void
walk_take(struct walk *w, struct walk *from, size_t library)
{
	xgrow(&w->files, &w->cap, w->n + from->n, sizeof *w->files);
	for (size_t i = 0; i < from->n; i++) {
		w->files[w->n] = from->files[i];
		w->files[w->n++].library = library;
	}
	xgrow(&w->shows, &w->shows_cap, w->nshows + from->nshows,
	    sizeof *w->shows);
	for (size_t i = 0; i < from->nshows; i++)
		w->shows[w->nshows++] = from->shows[i];
	for (size_t i = 0; i < from->nunread; i++)
		walk_miss(w, from->unread[i]);
	free(from->files);
	from->files = NULL;
	from->n = from->nshows = 0;
	walk_fini(from);
}

static int
by_path(const void *a, const void *b)
{
	const struct walk_file *x = a, *y = b;
	int rc = strcmp(x->path, y->path);

	if (rc != 0)
		return rc;
	if (x->root != y->root)		/* the library further in */
		return x->root > y->root ? -1 : 1;
	if (x->library != y->library)
		return x->library < y->library ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

static void
free_file(struct walk_file *f)
{
	free(f->path);
	free(f->nfo);
}

static int
by_show(const void *a, const void *b)
{
	return strcmp(((const struct walk_show *)a)->path,
	    ((const struct walk_show *)b)->path);
}

void
walk_sort(struct walk *w)
{
	size_t kept = 0;

	if (w->nshows > 0)
		qsort(w->shows, w->nshows, sizeof *w->shows, by_show);
	if (w->n == 0)
		return;
	qsort(w->files, w->n, sizeof *w->files, by_path);
	for (size_t i = 1; i < w->n; i++) {
		if (strcmp(w->files[i].path, w->files[kept].path) == 0)
			free_file(&w->files[i]);
		else
			w->files[++kept] = w->files[i];
	}
	w->n = kept + 1;
}

const struct walk_show *
walk_show_of(const struct walk *w, const char *path)
{
	const struct walk_show *found = NULL;
	size_t n = strlen(path);

	while (w->nshows > 0 && found == NULL && n > 0) {
		struct walk_show key;

		while (n > 0 && path[n - 1] != '/')
			n--;
		key.path = xasprintf("%.*stvshow.nfo", (int)n, path);
		found = bsearch(&key, w->shows, w->nshows, sizeof *w->shows,
		    by_show);
		free(key.path);
		n -= n > 0;
	}
	return found;
}

void
walk_fini(struct walk *w)
{
	for (size_t i = 0; i < w->n; i++)
		free_file(&w->files[i]);
	for (size_t i = 0; i < w->nshows; i++)
		free(w->shows[i].path);
	free(w->shows);
	free(w->files);
	for (size_t i = 0; i < w->nunread; i++)
		free(w->unread[i]);
	free(w->unread);
	*w = (struct walk){ 0 };
}
