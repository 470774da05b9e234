#include "base/xmem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

_Noreturn void
xmem_exhausted(void)
{
	static const char msg[] = "retrovue: out of memory\n";
	ssize_t n = write(STDERR_FILENO, msg, sizeof msg - 1);

	(void)n;			/* nowhere to report it to */
	_exit(EX_OSERR);
}

void *
xmalloc(size_t size)
{
	void *p;

	if ((p = malloc(size != 0 ? size : 1)) == NULL)
		xmem_exhausted();
	return p;
}

void *
xcalloc(size_t n, size_t size)
{
	void *p;

	if ((p = calloc(n != 0 ? n : 1, size != 0 ? size : 1)) == NULL)
		xmem_exhausted();
	return p;
}

void *
xrealloc(void *p, size_t size)
{
	if ((p = realloc(p, size != 0 ? size : 1)) == NULL)
		xmem_exhausted();
	return p;
}

void *
xreallocarray(void *p, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		xmem_exhausted();
	return xrealloc(p, n * size);
}

char *
xstrndup(const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *p = xmalloc(len + 1);

	memcpy(p, s, len);
	p[len] = '\0';
	return p;
}

char *
xstrdup(const char *s)
{
	return xstrndup(s, strlen(s));
}

char *
xasprintf(const char *fmt, ...)
{
	va_list ap, again;
	char *p;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	if ((n = vsnprintf(NULL, 0, fmt, ap)) < 0)
		xmem_exhausted();
	p = xmalloc((size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	va_end(ap);
	return p;
}

void
xgrow(void *p, size_t *cap, size_t n, size_t size)
{
	void **array = p;
	size_t want = *cap < 8 ? 8 : *cap;

	if (n <= *cap)
		return;
	while (want < n)
		want *= 2;
	*array = xreallocarray(*array, want, size);
	*cap = want;
}
