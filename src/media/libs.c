#include "media/libs.h"

#include <jansson.h>
#include <libxml/parser.h>
#include <libxml/threads.h>
#include <libxml/xmlmemory.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/xmem.h"

/* SQLite is not among them: it says so when it has none, and takes its
 * transaction back. */
void
libs_init(void)
{
	json_set_alloc_funcs(xmalloc, free);
	xmlMemSetup(free, xmalloc, xrealloc, xstrdup);
	xmlInitParser();
}

void
libs_thread(void)
{
#if LIBXML_VERSION >= 21200
	bool there = xmlCheckThreadLocalStorage() == 0;
#else
	bool there = xmlGetGlobalState() != NULL;
#endif

	if (!there)
		xmem_exhausted();
}
