/* The judge of streams reads anything, and comes to an end. */

#include "fuzz.h"
#include "ts/check.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct check *c = check_new();
	size_t piece = size > 0 ? data[0] + 1u : 1;

	for (size_t at = 0; at < size; at += piece)
		check_feed(c, data + at, size - at < piece ? size - at :
		    piece, (int64_t)at * 1000);
	need(check_end(c) != NULL);
	check_free(c);
	return 0;
}
