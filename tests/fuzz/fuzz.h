/* fuzz.h - what every fuzz target has.
 *
 * A target is one file with fuzz_one() in it.  Under libFuzzer (make fuzz) it
 * is fed what that thinks of, by replay.c (make check) what tests/fuzz/corpus/
 * TARGET holds.  What must hold is asserted with need(): it aborts. */

#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Unlike assert() it is there whatever the compiler was told. */
#define need(fact)							\
	do {								\
		if (!(fact)) {						\
			fprintf(stderr, "%s:%d: not so: %s\n",		\
			    __FILE__, __LINE__, #fact);			\
			abort();					\
		}							\
	} while (0)

#endif
