/* replay.c - a fuzz target over files and directories of them, without a
 * fuzzer: what was once found, or was worth keeping, stays found. */

#include <dirent.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"

#define BYTES_MAX	(1 << 20)

static void
replay_file(const char *path, size_t *n)
{
	uint8_t *data = malloc(BYTES_MAX);
	FILE *f = fopen(path, "rbe");
	size_t len;

	need(data != NULL && f != NULL);
	len = fread(data, 1, BYTES_MAX, f);
	fclose(f);
	/* Of just that size: a read beyond its end is seen. */
	data = realloc(data, len + (len == 0));
	need(data != NULL);
	(void)LLVMFuzzerTestOneInput(data, len);
	free(data);
	++*n;
}

static void
replay(const char *path, size_t *n)
{
	struct dirent *e;
	char below[4096];
	DIR *d = opendir(path);

	if (d == NULL) {
		replay_file(path, n);
		return;
	}
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		(void)snprintf(below, sizeof below, "%s/%s", path, e->d_name);
		replay(below, n);
	}
	closedir(d);
}

int
main(int argc, char **argv)
{
	size_t n = 0;

	for (int i = 1; i < argc; i++)
		replay(argv[i], &n);
	printf("%s: %zu inputs\n", argv[0], n);
	return n == 0;
}
