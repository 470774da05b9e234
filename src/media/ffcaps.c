#include "media/ffcaps.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/xmem.h"
#include "media/run.h"
#include "plan/seed.h"

#define TIMEOUT_MS	10000
#define MAX_LIST	(1 << 20)	/* bytes */

/* Where fontconfig is not asked or has nothing. */
static const char *const fonts[] = {
	"/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
	"/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
	"/usr/share/fonts/dejavu/DejaVuSans.ttf",
	"/usr/share/fonts/TTF/DejaVuSans.ttf",
	"/usr/local/share/fonts/dejavu/DejaVuSans.ttf",
	"/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
	"/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
	NULL
};

/* Lines are " T.. name  V->V  what it does". */
bool
ffcaps_has(const char *list, const char *filter)
{
	size_t n = strlen(filter);
	const char *s;

	for (; *list != '\0'; list += *list == '\n') {
		s = list + strspn(list, " ");
		s += strcspn(s, " \n");
		s += strspn(s, " ");
		if (strncmp(s, filter, n) == 0 && s[n] == ' ')
			return true;
		list += strcspn(list, "\n");
	}
	return false;
}

/* What the program prints, or NULL; the caller frees it.  What it says beside
 * that goes to *beside, if that is not NULL, likewise. */
static char *
ask(const char *const *argv, const struct shim *shim,
    const volatile int *stop, char **beside)
{
	struct run_job r = {
		.argv = argv, .shim = shim, .timeout_ms = TIMEOUT_MS,
		.max_out = MAX_LIST, .stop = stop,
	};
	char *s = NULL;

	run_program(&r);
	if (r.end == RUN_EXITED && WIFEXITED(r.status) &&
	    WEXITSTATUS(r.status) == 0)
		s = xstrdup(buf_str(&r.out));
	if (s != NULL && beside != NULL)
		*beside = xstrdup(buf_str(&r.err));
	buf_fini(&r.out);
	buf_fini(&r.err);
	return s;
}

static bool
is_below(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	return strncmp(path, dir, n) == 0 && (path[n] == '/' ||
	    path[n] == '\0' || (n > 0 && dir[n - 1] == '/'));
}

/* See retrovue-exec(8): /usr, and what the station adds. */
static bool
is_readable(const char *path, const struct shim *shim)
{
	if (access(path, R_OK) < 0)
		return false;
	if (shim == NULL || shim->path == NULL ||
	    shim->sandbox == SANDBOX_OFF || is_below(path, "/usr"))
		return true;
	for (char **p = shim->read; *p != NULL; p++)
		if (is_below(path, *p))
			return true;
	return false;
}

/* drawtext is given a file: what it would look for in fontconfig's caches is
 * nothing that a child should have to read. */
static char *
find_font(const struct shim *shim, const volatile int *stop)
{
	static const char *const argv[] = {
		"fc-match", "-f", "%{file}", "sans:bold:lang=en", NULL
	};
	char *s = ask(argv, NULL, stop, NULL);

	if (s != NULL && s[0] == '/' && is_readable(s, shim))
		return s;
	free(s);
	for (size_t i = 0; fonts[i] != NULL; i++)
		if (access(fonts[i], R_OK) == 0)
			return xstrdup(fonts[i]);
	return NULL;
}

void
ffcaps_find(const char *ffmpeg, const struct shim *shim,
    const volatile int *stop, struct argv_caps *c)
{
	const char *const argv[] = { ffmpeg, "-filters", NULL };
	char *banner = NULL, *list = ask(argv, shim, stop, &banner);

	*c = (struct argv_caps){ 0 };
	if (list == NULL)
		return;
	c->build = seed_text(banner);
	c->tonemap = ffcaps_has(list, "zscale") && ffcaps_has(list, "tonemap");
	if (ffcaps_has(list, "drawtext"))
		c->font = find_font(shim, stop);
	free(banner);
	free(list);
}

void
ffcaps_fini(struct argv_caps *c)
{
	free(c->font);
	*c = (struct argv_caps){ 0 };
}
