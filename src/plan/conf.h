/* conf.h - typed readers over a YAML tree.
 *
 * Each looks up one key of a map.  Absent (or null, or a value whose fault
 * is reported already): false or NULL, *out as it was, so that defaults are
 * set first.  Wrong: the same, with a fault that names file, line, column,
 * the key and what it takes.  Nothing stops at the first fault. */

#ifndef PLAN_CONF_H
#define PLAN_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/rate.h"
#include "plan/node.h"

/* A fault at the node, unless it is bad already. */
void conf_fault(struct errs *e, const struct node *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for a name that none of names[n] is: "unknown WHAT 'X'", and what
 * was meant if that can be guessed. */
void conf_unknown(struct errs *e, const struct node *at, const char *what,
    const char *name, const char *const *names, size_t n);

/* Fault every key of m that is not in the list, which ends with NULL.
 * CONF_KEYS(e, m, "a", "b") writes the list in place. */
void conf_keys(struct errs *e, const struct node *m,
    const char *const *known);
#define CONF_KEYS(e, m, ...)						\
	conf_keys(e, m, (const char *const[]){ __VA_ARGS__, NULL })

/* The value of key, of any kind. */
const struct node *conf_get(const struct node *m, const char *key);

/* Fault m where it has no value for key; true if there is one to read. */
bool conf_need(struct errs *e, const struct node *m, const char *key);

const struct node *conf_map(struct errs *e, const struct node *m,
    const char *key);
const struct node *conf_list(struct errs *e, const struct node *m,
    const char *key);

/* One text or a list of them: *texts is set to their n nodes (borrowed),
 * scalars all.  A list that is empty or holds anything else is a fault and
 * 0 is returned. */
size_t conf_texts(struct errs *e, const struct node *m, const char *key,
    struct node *const **texts);

/* A text of at least one byte; *out is borrowed of the tree. */
bool conf_str(struct errs *e, const struct node *m, const char *key,
    const char **out);

/* The same, malloc'd: what *out held is freed. */
bool conf_dup(struct errs *e, const struct node *m, const char *key,
    char **out);

bool conf_int(struct errs *e, const struct node *m, const char *key,
    int64_t min, int64_t max, int64_t *out);
bool conf_bool(struct errs *e, const struct node *m, const char *key,
    bool *out);

/* Seconds from min to max (value_duration). */
bool conf_duration(struct errs *e, const struct node *m, const char *key,
    int64_t min, int64_t max, int64_t *out);

/* Local seconds since midnight, 0 to 86400 (value_clock). */
bool conf_clock(struct errs *e, const struct node *m, const char *key,
    int *out);

/* Microseconds (value_time). */
bool conf_time(struct errs *e, const struct node *m, const char *key,
    int64_t *out);
bool conf_rate(struct errs *e, const struct node *m, const char *key,
    struct rate *out);
bool conf_bitrate(struct errs *e, const struct node *m, const char *key,
    int64_t min, int64_t max, int64_t *out);

/* Days since 1970-01-01. */
bool conf_date(struct errs *e, const struct node *m, const char *key,
    int64_t *out);

/* A time zone's name, malloc'd. */
bool conf_zone(struct errs *e, const struct node *m, const char *key,
    char **out);

/* The index in names[n] of the text. */
bool conf_choice(struct errs *e, const struct node *m, const char *key,
    const char *const *names, size_t n, int *out);

#endif
