/* File names to command lines: whatever a file is called, it is one argument,
 * with "file:" before it, and what is after its last dot aside changes no
 * other. */

#include <string.h>

#include "air/argv.h"
#include "fuzz.h"

static char **
argv_of(char *path)
{
	struct asset_audio audio = { .stream = 1, .channels = 2 };
	struct format format = format_default();
	struct asset a = {
		.path = path, .title = path, .has_video = true,
		.has_audio = true, .audio_stream = 1, .audio = &audio,
		.naudio = 1, .duration_us = 60 * INT64_C(1000000),
		.width = 1280, .height = 720,
	};
	struct argv_child c = {
		.ffmpeg = "ffmpeg", .format = &format, .asset = &a,
		.in = 100, .n0 = INT64_C(44750000000), .n1 =
		INT64_C(44750000500), .fade_in = true, .tells = true,
	};

	return argv_child(&c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *path = malloc(size + 2), *plain = malloc(size + 16);
	char **argv, **want;
	size_t i, named = 0;

	need(path != NULL && plain != NULL);
	path[0] = '/';
	memcpy(path + 1, data, size);
	path[size + 1] = '\0';
	(void)snprintf(plain, size + 16, "/plain%s",
	    strrchr(path, '.') != NULL ? strrchr(path, '.') : "");
	argv = argv_of(path);
	want = argv_of(plain);
	for (i = 0; want[i] != NULL; i++) {
		need(argv[i] != NULL);
		if (strncmp(want[i], "file:/plain", 11) != 0) {
			need(strcmp(argv[i], want[i]) == 0);
			continue;
		}
		need(strncmp(argv[i], "file:", 5) == 0);
		need(strcmp(argv[i] + 5, path) == 0);
		named++;
	}
	need(argv[i] == NULL && named == 1);
	argv_free(argv);
	argv_free(want);
	free(path);
	free(plain);
	return 0;
}
