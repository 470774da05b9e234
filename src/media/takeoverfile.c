#include "media/takeoverfile.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/uri.h"
#include "base/xmem.h"

void
takeover_fini(struct takeover *t)
{
	free(t->channel);
	free(t->file);
	free(t->why);
}

void
takeover_list_fini(struct takeover_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		takeover_fini(&l->v[i]);
	free(l->v);
	*l = (struct takeover_list){ 0 };
}

/* The file may say anything: what no clock can say is the end of time. */
static int64_t
moved(int64_t t_ns, int64_t by_ns)
{
	int64_t sum;

	if (t_ns == INT64_MAX)
		return t_ns;
	if (!__builtin_add_overflow(t_ns, by_ns, &sum))
		return sum;
	return by_ns < 0 ? INT64_MIN : INT64_MAX;
}

static void
shift(struct takeover *t, int64_t by_ns)
{
	t->from_ns = moved(t->from_ns, by_ns);
	t->until_ns = moved(t->until_ns, by_ns);
}

void
takeover_list_shift(struct takeover_list *l, int64_t by_ns)
{
	for (size_t i = 0; i < l->n; i++)
		shift(&l->v[i], by_ns);
}

bool
takeover_list_settle(struct takeover_list *l, int64_t now_ns)
{
	bool any = false;

	for (size_t i = 0; i < l->n; i++) {
		if (l->v[i].from_ns <= now_ns)
			continue;
		shift(&l->v[i], now_ns - l->v[i].from_ns);
		any = true;
	}
	return any;
}

char *
takeoverfile_path(const char *state_dir)
{
	return xasprintf("%s/takeovers.json", state_dir);
}

/* A path may be any bytes: as in a URL. */
static json_t *
file_json(const char *file)
{
	struct buf b = { 0 };
	json_t *j;

	if (file == NULL)
		return json_null();
	uri_add_escaped(&b, file);
	j = json_string(buf_str(&b));
	buf_fini(&b);
	return j;
}

void
takeoverfile_print(const struct takeover_list *l, struct buf *out)
{
	json_t *list = json_array();
	char *text;

	for (size_t i = 0; i < l->n; i++) {
		const struct takeover *t = &l->v[i];

		json_array_append_new(list, json_pack(
		    "{s:s, s:o, s:I, s:o, s:s}", "channel", t->channel,
		    "file", file_json(t->file),
		    "from_ns", (json_int_t)t->from_ns,
		    "until_ns", t->until_ns != INT64_MAX ?
		    json_integer(t->until_ns) : json_null(),
		    "why", t->why));
	}
	text = json_dumps(list, JSON_INDENT(1));
	buf_addf(out, "%s\n", text != NULL ? text : "[]");
	free(text);
	json_decref(list);
}

static void
take(struct takeover_list *l, const json_t *j)
{
	const char *channel = json_string_value(json_object_get(j, "channel"));
	const char *file = json_string_value(json_object_get(j, "file"));
	const char *why = json_string_value(json_object_get(j, "why"));
	const json_t *from = json_object_get(j, "from_ns");
	const json_t *until = json_object_get(j, "until_ns");
	struct takeover t = {
		.from_ns = json_integer_value(from),
		.until_ns = json_is_integer(until) ?
		    json_integer_value(until) : INT64_MAX,
	};

	/* It may have begun before 1970: the clock was set since. */
	if (channel == NULL || why == NULL || !json_is_integer(from) ||
	    t.until_ns <= t.from_ns)
		return;
	if (file != NULL && (t.file = uri_unescape(file)) == NULL)
		return;
	t.channel = xstrdup(channel);
	t.why = xstrdup(why);
	xgrow(&l->v, &l->cap, l->n + 1, sizeof *l->v);
	l->v[l->n++] = t;
}

int
takeoverfile_load(const char *path, struct takeover_list *l,
    const char **why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	json_t *root;

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0) {
		*why = strerror(errno);
		return -1;
	}
	root = json_loadfd(fd, JSON_REJECT_DUPLICATES, NULL);
	close(fd);
	if (!json_is_array(root)) {
		json_decref(root);
		*why = "it is no list of takeovers";
		return -1;
	}
	for (size_t i = 0; i < json_array_size(root); i++)
		take(l, json_array_get(root, i));
	json_decref(root);
	return 0;
}
