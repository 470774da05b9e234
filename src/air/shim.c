#include "air/shim.h"

#include <stdlib.h>
#include <string.h>

#include "air/argv_parts.h"
#include "base/xmem.h"

#define STDIO		3	/* the descriptors that every child has */
#define FILE_URL	"file:"

static char **
texts_copy(char *const *v, size_t n)
{
	char **copy = xcalloc(n + 1, sizeof *copy);

	for (size_t i = 0; i < n; i++)
		copy[i] = xstrdup(v[i]);
	return copy;
}

struct shim *
shim_new(char *path, const struct station_ffmpeg *f)
{
	struct shim *s = xcalloc(1, sizeof *s);

	s->path = path;
	s->sandbox = f->sandbox;
	s->nice = f->nice;
	s->user = f->user != NULL ? xstrdup(f->user) : NULL;
	s->read = texts_copy(f->read, f->nread);
	s->env = texts_copy(f->env, f->nenv);
	return s;
}

struct shim *
shim_copy(const struct shim *s)
{
	struct station_ffmpeg f;

	if (s == NULL)
		return NULL;
	f = (struct station_ffmpeg){ .sandbox = s->sandbox, .nice = s->nice,
	    .user = s->user, .read = s->read, .env = s->env };
	while (s->read[f.nread] != NULL)
		f.nread++;
	while (s->env[f.nenv] != NULL)
		f.nenv++;
	return shim_new(s->path != NULL ? xstrdup(s->path) : NULL, &f);
}

void
shim_free(struct shim *s)
{
	if (s == NULL)
		return;
	argv_free(s->read);
	argv_free(s->env);
	free(s->user);
	free(s->path);
	free(s);
}

static void
reads_add(struct argv_vec *a, const struct shim *s, const char *const *argv)
{
	for (char **p = s->read; *p != NULL; p++)
		argv_add(a, "-r", *p, NULL);
	for (; argv[0] != NULL && argv[1] != NULL; argv++)
		if (strcmp(argv[0], "-i") == 0 &&
		    strncmp(argv[1], FILE_URL, strlen(FILE_URL)) == 0)
			argv_add(a, "-r", argv[1] + strlen(FILE_URL), NULL);
}

static void
shim_add(struct argv_vec *a, const struct shim *s, int pid, int nfds,
    const char *const *argv)
{
	argv_add(a, s->path, "-p", NULL);
	argv_take(a, xasprintf("%d", pid));
	argv_add(a, "-s", sandbox_names[s->sandbox], "-n", NULL);
	argv_take(a, xasprintf("%d", s->nice));
	if (nfds > STDIO) {
		argv_add(a, "-k", NULL);
		argv_take(a, xasprintf("%d", nfds));
	}
	if (s->user != NULL)
		argv_add(a, "-u", s->user, NULL);
	for (char **p = s->env; *p != NULL; p++)
		argv_add(a, "-e", *p, NULL);
	reads_add(a, s, argv);
	argv_add(a, "--", NULL);
}

char **
shim_argv(const struct shim *s, int pid, int nfds, const char *const *argv)
{
	struct argv_vec a = { 0 };

	if (s != NULL && s->path != NULL)
		shim_add(&a, s, pid, nfds, argv);
	for (; *argv != NULL; argv++)
		argv_add(&a, *argv, NULL);
	argv_take(&a, NULL);
	return a.v;
}
