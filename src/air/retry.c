#include "air/retry.h"

#include "base/arith.h"

#define LONGEST_S	20
#define GIVEN_UP_S	60	/* ... and of what was given up */

static int64_t
delay_ns(unsigned failures)
{
	int64_t s = 1;

	if (failures <= 1)
		return 0;
	while (--failures > 1 && s < LONGEST_S)
		s *= 2;
	return (s < LONGEST_S ? s : LONGEST_S) * NS_PER_S;
}

/* The run's entry, a new one in place of the oldest where it has none. */
static struct retry_run *
entry(struct retry *r, int64_t begin)
{
	struct retry_run *run;

	for (size_t i = 0; i < RETRY_RUNS; i++)
		if (r->runs[i].failures != 0 && r->runs[i].begin == begin)
			return &r->runs[i];
	run = &r->runs[r->next++ % RETRY_RUNS];
	*run = (struct retry_run){ .begin = begin };
	return run;
}

unsigned
retry_failed(struct retry *r, int64_t begin, int64_t now, bool afresh,
    bool blame)
{
	struct retry_run *run = entry(r, begin);

	run->failures = afresh ? 1 : run->failures + 1;
	run->blamed = (afresh ? 0 : run->blamed) + blame;
	run->at = now + delay_ns(run->failures);
	return run->blamed;
}

void
retry_give_up(struct retry *r, int64_t begin, int64_t now)
{
	struct retry_run *run = entry(r, begin);

	run->failures++;
	run->at = now + (run->given_up ? GIVEN_UP_S : LONGEST_S) * NS_PER_S;
	run->given_up = true;
}

static const struct retry_run *
find(const struct retry *r, int64_t begin)
{
	for (size_t i = 0; i < RETRY_RUNS; i++)
		if (r->runs[i].failures != 0 && r->runs[i].begin == begin)
			return &r->runs[i];
	return NULL;
}

bool
retry_is_given_up(const struct retry *r, int64_t begin)
{
	const struct retry_run *run = find(r, begin);

	return run != NULL && run->given_up;
}

void
retry_forget(struct retry *r, int64_t begin)
{
	for (size_t i = 0; i < RETRY_RUNS; i++)
		if (r->runs[i].begin == begin)
			r->runs[i] = (struct retry_run){ 0 };
}

bool
retry_is_new(const struct retry *r, int64_t begin)
{
	return find(r, begin) == NULL;
}

bool
retry_may(const struct retry *r, int64_t begin, int64_t now)
{
	const struct retry_run *run = find(r, begin);

	return run == NULL || now >= run->at;
}
