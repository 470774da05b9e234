#include "ctl_reload.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#include "base/buf.h"
#include "base/err.h"
#include "ctl_http.h"

#define ASK_NS		100000000	/* how often the daemon is asked */

static json_int_t
number_of(const json_t *j, const char *key)
{
	return json_integer_value(json_object_get(j, key));
}

/* The daemon's state once it has made that edition; NULL with a word on
 * stderr where it does not say. */
static json_t *
await(const char *socket, json_int_t number)
{
	const struct timespec pause = { .tv_nsec = ASK_NS };
	bool tty = isatty(STDERR_FILENO) != 0, shown = false;
	struct buf body = { 0 };
	json_int_t seen = 0;
	json_t *j = NULL;

	while (ctl_http_ask(socket, "GET", "/reload", &body) == CTL_OK) {
		j = json_loads(buf_str(&body), 0, NULL);
		if (j == NULL || number_of(j, "number") >= number)
			break;
		if (number_of(j, "number") < seen) {
			buf_reset(&body);
			buf_adds(&body, "the daemon was restarted meanwhile");
			json_decref(j);
			j = NULL;
			break;
		}
		seen = number_of(j, "number");
		shown = tty && number_of(j, "total") != 0;
		if (shown)
			fprintf(stderr, "\rlibrary: %" JSON_INTEGER_FORMAT
			    " of %" JSON_INTEGER_FORMAT " files ",
			    number_of(j, "done"), number_of(j, "total"));
		json_decref(j);
		j = NULL;
		nanosleep(&pause, NULL);
	}
	if (shown)
		fputs("\r\033[K", stderr);
	if (j == NULL)
		fprintf(stderr, "retrovuectl: %s: %s\n", socket,
		    buf_str(&body));
	buf_fini(&body);
	return j;
}

static void
errs_take(struct errs *e, const json_t *list, bool warning)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *j = json_array_get(list, i);
		const char *file, *text;

		file = json_string_value(json_object_get(j, "file"));
		text = json_string_value(json_object_get(j, "text"));
		(warning ? errs_warn : errs_fault)(e, file,
		    (unsigned)number_of(j, "line"),
		    (unsigned)number_of(j, "column"), "%s",
		    text != NULL ? text : "?");
	}
}

static void
report(const json_t *j)
{
	struct errs e = { 0 };
	struct buf out = { 0 };

	errs_take(&e, json_object_get(j, "warnings"), true);
	errs_take(&e, json_object_get(j, "faults"), false);
	errs_print(&e, &out);
	if (json_is_true(json_object_get(j, "refused")))
		buf_adds(&out, "refused: what was on the air goes on\n");
	else
		buf_addf(&out, "done: %" JSON_INTEGER_FORMAT " assets, %"
		    JSON_INTEGER_FORMAT " of them bad\n",
		    number_of(j, "assets"), number_of(j, "bad"));
	fputs(buf_str(&out), stdout);
	buf_fini(&out);
	errs_fini(&e);
}

int
ctl_reload_follow(const char *socket, const char *answer, bool json)
{
	json_t *asked = json_loads(answer, 0, NULL), *j;
	int rc;

	j = await(socket, number_of(asked, "number"));
	json_decref(asked);
	if (j == NULL)
		return -1;
	if (json) {
		json_dumpf(j, stdout, JSON_COMPACT);
		fputc('\n', stdout);
	} else {
		report(j);
	}
	rc = json_is_true(json_object_get(j, "refused")) ? -1 : 0;
	json_decref(j);
	return rc;
}
