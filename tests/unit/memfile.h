/* memfile.h - files for tests that read none: a node_read_fn over a table,
 * and what the faults look like when printed. */

#ifndef MEMFILE_H
#define MEMFILE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "plan/node.h"

#define MEMFILES_MAX	64

struct memfile {
	const char *path;
	const char *text;
	size_t len;
};

static struct memfile memfiles[MEMFILES_MAX];
static size_t nmemfiles;
static size_t memfile_reads;
static struct errs errs;

static inline void
memfile_add_bytes(const char *path, const char *text, size_t len)
{
	assert_true(nmemfiles < MEMFILES_MAX);
	memfiles[nmemfiles++] = (struct memfile){ path, text, len };
}

static inline void
memfile_add(const char *path, const char *text)
{
	memfile_add_bytes(path, text, strlen(text));
}

static inline int
memfile_read(void *ctx, const char *path, struct buf *out, const char **why)
{
	(void)ctx;
	memfile_reads++;
	for (size_t i = 0; i < nmemfiles; i++) {
		if (strcmp(memfiles[i].path, path) == 0) {
			buf_add(out, memfiles[i].text, memfiles[i].len);
			return 0;
		}
	}
	*why = "No such file or directory";
	return -1;
}

static inline int
memfile_setup(void **state)
{
	(void)state;
	nmemfiles = 0;
	memfile_reads = 0;
	return 0;
}

static inline int
memfile_teardown(void **state)
{
	(void)state;
	errs_fini(&errs);
	return 0;
}

/* Everything in errs, printed, is exactly text. */
static inline void
assert_faults(const char *text)
{
	struct buf out = { 0 };

	errs_print(&errs, &out);
	assert_string_equal(buf_str(&out), text);
	buf_fini(&out);
}

/* What is printed contains text. */
static inline void
assert_fault_has(const char *text)
{
	struct buf out = { 0 };

	errs_print(&errs, &out);
	if (strstr(buf_str(&out), text) == NULL)
		fail_msg("no '%s' in:\n%s", text, buf_str(&out));
	buf_fini(&out);
}

#define TEST(name)							\
	cmocka_unit_test_setup_teardown(name, memfile_setup,		\
	    memfile_teardown)

#endif
