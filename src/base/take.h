/* take.h - read a text from left to right.
 *
 * Each function takes what it is named for from the front of *s and moves *s
 * behind it; false where something else stands there, and then *s may be
 * anywhere in the text. */

#ifndef BASE_TAKE_H
#define BASE_TAKE_H

#include <stdbool.h>
#include <stdint.h>

#define TAKE_DIGITS_MAX	15	/* any product with 1000 fits 64 bits */

bool take_is_digit(char c);

/* *s is where it was if it is not c. */
bool take_char(const char **s, char c);

/* min to max digits, and no more; max is at most TAKE_DIGITS_MAX. */
bool take_digits(const char **s, int min, int max, int64_t *out);

/* ".5" as 500,000 of a million (whole, a power of ten), if it is there: one to
 * max digits, of which those that make no difference are cut off. */
bool take_fraction(const char **s, int max, int64_t whole, int64_t *out);

/* "2024-01-01" from 1970 to 9999, in days since 1970-01-01. */
bool take_date(const char **s, int64_t *out);

#endif
