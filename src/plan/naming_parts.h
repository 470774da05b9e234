/* naming_parts.h - texts of names, private to plan/naming*.c. */

#ifndef PLAN_NAMING_PARTS_H
#define PLAN_NAMING_PARTS_H

#include <stdbool.h>
#include <stddef.h>

/* The n bytes at s as people would write them: clean UTF-8, dots and
 * underscores that stand for spaces made spaces, one space at a time.
 * malloc'd. */
char *naming_clean(const char *s, size_t n);

/* These shorten s in place. */

/* No spaces, dashes, brackets without their partners at either end. */
void naming_trim(char *s);

/* "[Group]", "{tvdb-77623}", but not "[1979]".  A text that is nothing else
 * stays unless all may go. */
void naming_drop_brackets(char *s, bool all);

/* "1080p BluRay x264-GRP" and all behind it, as above; true if there was
 * some. */
bool naming_drop_release(char *s, bool all);

/* Take out the last year in brackets that something stands before: "(1982)",
 * "[1982]".  0: there is none. */
int naming_take_year(char *s);

/* The last word that is a year and not the first; *at is where it begins.
 * 0: there is none. */
int naming_find_year(const char *s, size_t *at);

/* True where two texts name the same thing: letters and digits alone count,
 * and one may say more than the other. */
bool naming_agree(const char *a, const char *b);

/* The same, but neither says more. */
bool naming_equal(const char *a, const char *b);

/* Where a name says which episode it is.  Text before stands for the series,
 * text behind is the title. */
struct naming_mark {
	size_t at, end;
	int season, episode;	/* -1: not said */
	int year;		/* of a date, else 0 */
};

/* Find it in the text of a name; false where there is none.  The first finds
 * what can be nothing else: S01E02, 1x02, a date; the second "Episode 5" and
 * "E05". */
bool naming_find_mark(const char *s, struct naming_mark *m);
bool naming_find_word(const char *s, struct naming_mark *m);

/* "Season 1", "S01", "Specials" (0): its number, and where it begins; -1:
 * there is none. */
int naming_find_season(const char *s, size_t *at, size_t *end);

bool naming_is_digit(char c);
bool naming_is_alnum(char c);	/* ASCII, or a byte of a character beyond */

/* How many digits s begins with, and their value, at most 99999. */
size_t naming_number(const char *s, int *value);

#endif
