/* failmalloc.c - preloaded into a program, an allocation that fails.
 *
 * A place is the calls that led from the program into a library and there to
 * an allocation; the program's own allocations are xmem.c's and go by number.
 *
 *   FAILMALLOC_PROGRAM=NAME	only in processes of that name
 *   FAILMALLOC_LIST=FILE	append each place when it is first come to,
 *				"HASH LIBRARY", and "own NUMBER" so far
 *   FAILMALLOC_PLACE=HASH	the first time, there is no memory there
 *   FAILMALLOC_OWN=NUMBER	nor for the program's so manieth allocation
 *
 * What has been failed is told on stderr, and at the program's end by exit()
 * how many blocks it has not freed: "failmalloc: NUMBER blocks are left". */

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <inttypes.h>
#include <link.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEPTH		24	/* calls looked at */
#define PLACES		(1 << 16)
#define OWN_TOLD	100		/* the program's own, at a time */

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

void *malloc(size_t size);
void *calloc(size_t n, size_t size);
void *realloc(void *p, size_t size);
void *memalign(size_t align, size_t size);
void *aligned_alloc(size_t align, size_t size);
int posix_memalign(void **p, size_t align, size_t size);
void free(void *p);

static uintptr_t program_begin, program_end;
static bool awake;			/* this is the program, and started */
static uint64_t wanted;			/* place that fails; 0: none */
static uint64_t wanted_own;
static int list = -1;
static atomic_bool failed;
static _Atomic uint64_t own, places[PLACES];
static _Atomic int64_t live;		/* blocks */
static __thread bool inside;		/* backtrace() may allocate */

static uint64_t
number(const char *name, int base)
{
	const char *s = getenv(name);

	return s != NULL ? strtoull(s, NULL, base) : 0;
}

/* The program itself, which is the first of all. */
static int
program_find(struct dl_phdr_info *info, size_t size, void *arg)
{
	(void)size;
	(void)arg;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *h = &info->dlpi_phdr[i];

		if (h->p_type == PT_LOAD && (h->p_flags & PF_X) != 0) {
			program_begin = info->dlpi_addr + h->p_vaddr;
			program_end = program_begin + h->p_memsz;
		}
	}
	return 1;
}

static bool
is_program(const void *at)
{
	return (uintptr_t)at >= program_begin && (uintptr_t)at < program_end;
}

__attribute__((constructor)) static void
begin(void)
{
	const char *name = getenv("FAILMALLOC_PROGRAM");
	const char *path = getenv("FAILMALLOC_LIST");
	void *frames[DEPTH];

	if (name == NULL || strcmp(name, program_invocation_short_name) != 0)
		return;
	wanted = number("FAILMALLOC_PLACE", 16);
	wanted_own = number("FAILMALLOC_OWN", 10);
	if (path != NULL)
		list = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
		    0644);
	dl_iterate_phdr(program_find, NULL);
	(void)backtrace(frames, DEPTH);		/* loads what it needs */
	awake = true;
}

static const void *
base_of(const void *at, const char **library)
{
	Dl_info info;

	if (dladdr(at, &info) == 0)
		return NULL;
	*library = info.dli_fname;
	return info.dli_fbase;
}

/* The place's hash: of what called the allocator, up to the program. */
__attribute__((noinline)) static uint64_t
place_find(const char **library)
{
	void *frames[DEPTH];
	int n = backtrace(frames, DEPTH);
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	*library = "";
	for (int i = 3; i < n; i++) {		/* from malloc()'s caller on */
		const char *in = "";
		const char *base = base_of(frames[i], &in);

		if (i == 3)
			*library = in;
		h = (h ^ (uint64_t)((const char *)frames[i] - base)) *
		    UINT64_C(0x100000001b3);
		if (is_program(frames[i]))
			break;
	}
	return h | 1;
}

static void
place_list(uint64_t place, const char *library)
{
	char line[512];
	int n;

	for (size_t i = place % PLACES;; i = (i + 1) % PLACES) {
		uint64_t was = 0;

		if (atomic_compare_exchange_strong(&places[i], &was, place))
			break;
		if (was == place)
			return;
	}
	n = snprintf(line, sizeof line, "%016" PRIx64 " %s\n", place, library);
	if (n > 0)
		(void)!write(list, line, (size_t)n);
}

/* The program's own, of which there are many. */
static bool
own_fails(void)
{
	uint64_t n = atomic_fetch_add(&own, 1) + 1;
	char line[64];

	if (list >= 0 && n % OWN_TOLD == 0) {
		int len = snprintf(line, sizeof line, "own %" PRIu64 "\n", n);

		(void)!write(list, line, (size_t)len);
	}
	return n == wanted_own;
}

static bool
fail_now(const char *library)
{
	void *frames[DEPTH];
	char line[512];
	int n;

	if (atomic_exchange(&failed, true))
		return false;
	n = snprintf(line, sizeof line, "failmalloc: none for %s\n", library);
	if (n > 0)
		(void)!write(STDERR_FILENO, line, (size_t)n);
	backtrace_symbols_fd(frames, backtrace(frames, DEPTH), STDERR_FILENO);
	errno = ENOMEM;
	return true;
}

/* Caller: of the allocator. */
__attribute__((noinline)) static bool
fails(const void *caller)
{
	const char *library;
	uint64_t place;
	bool now = false;

	if (!awake || inside)
		return false;
	inside = true;
	if (is_program(caller)) {
		now = own_fails() && fail_now(program_invocation_short_name);
	} else if (wanted != 0 || list >= 0) {
		place = place_find(&library);
		if (list >= 0)
			place_list(place, library);
		now = place == wanted && fail_now(library);
	}
	inside = false;
	return now;
}

static void *
counted(void *p)
{
	if (p != NULL)
		atomic_fetch_add(&live, 1);
	return p;
}

void *
malloc(size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : counted(__libc_malloc(size));
}

void *
calloc(size_t n, size_t size)
{
	return fails(__builtin_return_address(0)) ? NULL : counted(__libc_calloc(n, size));
}

void *
realloc(void *p, size_t size)
{
	void *q;

	if (fails(__builtin_return_address(0)))
		return NULL;
	q = __libc_realloc(p, size);
	if (p == NULL)
		counted(q);
	else if (q == NULL && size == 0)
		atomic_fetch_sub(&live, 1);
	return q;
}

void *
memalign(size_t align, size_t size)
{
	return counted(__libc_memalign(align, size));
}

void *
aligned_alloc(size_t align, size_t size)
{
	return memalign(align, size);
}

int
posix_memalign(void **p, size_t align, size_t size)
{
	void *got = memalign(align, size);

	if (got == NULL)
		return ENOMEM;
	*p = got;
	return 0;
}

void
free(void *p)
{
	if (p != NULL)
		atomic_fetch_sub(&live, 1);
	__libc_free(p);
}

__attribute__((destructor)) static void
end(void)
{
	char line[64];
	int n;

	if (!awake)
		return;
	n = snprintf(line, sizeof line, "failmalloc: %" PRId64
	    " blocks are left\n", atomic_load(&live));
	if (n > 0)
		(void)!write(STDERR_FILENO, line, (size_t)n);
}
