/* The formats that channels may name. */

#include "plan/station_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"
#include "plan/conf.h"
#include "plan/format_read.h"

#define DEFAULT		"default"
#define FORMATS_MAX	1000

void
station_read_formats(struct station *st, struct errs *e,
    const struct node *root)
{
	const struct node *m = conf_map(e, root, "formats");
	struct format otherwise = format_default();

	if (m == NULL)
		return;
	if (m->n > FORMATS_MAX) {
		conf_fault(e, m, "more than %d formats", FORMATS_MAX);
		return;
	}
	format_read(&otherwise, conf_map(e, m, DEFAULT), e);
	st->formats = xcalloc(m->n, sizeof *st->formats);
	for (; st->nformats < m->n; st->nformats++) {
		struct station_format *f = &st->formats[st->nformats];
		const char *name = m->keys[st->nformats]->text;

		f->name = xstrdup(name);
		f->format = otherwise;
		if (strcmp(name, DEFAULT) != 0)
			format_read(&f->format, conf_map(e, m, name), e);
	}
}

void
station_formats_fini(struct station *st)
{
	for (size_t i = 0; i < st->nformats; i++)
		free(st->formats[i].name);
	free(st->formats);
}

static bool
find(const struct station *st, const char *name, struct format *out)
{
	for (size_t i = 0; i < st->nformats; i++) {
		if (strcmp(st->formats[i].name, name) != 0)
			continue;
		*out = st->formats[i].format;
		return true;
	}
	return false;
}

struct format
station_format_default(const struct station *st)
{
	struct format f = format_default();

	find(st, DEFAULT, &f);
	return f;
}

void
station_format_find(const struct station *st, const struct node *at,
    struct errs *e, struct format *out)
{
	const char **names;

	if (find(st, at->text, out))
		return;
	if (strcmp(at->text, DEFAULT) == 0) {
		*out = format_default();
		return;
	}
	names = xcalloc(st->nformats + 1, sizeof *names);
	names[0] = DEFAULT;
	for (size_t i = 0; i < st->nformats; i++)
		names[i + 1] = st->formats[i].name;
	conf_unknown(e, at, "format", at->text, names, st->nformats + 1);
	free(names);
}
