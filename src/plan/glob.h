/* glob.h - a path against a pattern, without touching a file.
 *
 * '*' any bytes but '/'; '?' one character but '/'; "[a-z]", "[!a-z]" one of
 * a set; '\' takes the next character as it is; "**" any bytes at all, and
 * as a whole component any number of directories, none included.  Unlike
 * fnmatch(3) it knows "**", no locale, and no pattern that takes for ever:
 * the work is at most the square of the path's length. */

#ifndef PLAN_GLOB_H
#define PLAN_GLOB_H

#include <stdbool.h>

bool glob_match(const char *pattern, const char *path);

/* True if the pattern has a character that is not simply itself. */
bool glob_is_pattern(const char *text);

#endif
