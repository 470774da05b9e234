#include "media/mono.h"

#include "base/arith.h"

#define NS_PER_MS	1000000

int64_t
mono_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / NS_PER_MS;
}

struct timespec
mono_after(int64_t ms)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	ts.tv_nsec += (long)(ms % 1000) * NS_PER_MS;
	ts.tv_sec += (time_t)(ms / 1000 + ts.tv_nsec / NS_PER_S);
	ts.tv_nsec %= NS_PER_S;
	return ts;
}

void
mono_cond_init(pthread_cond_t *c)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(c, &attr);
	pthread_condattr_destroy(&attr);
}

bool
mono_join(pthread_t thread, int64_t ms)
{
	const struct timespec at = mono_after(ms);

	return pthread_clockjoin_np(thread, NULL, CLOCK_MONOTONIC, &at) == 0;
}
