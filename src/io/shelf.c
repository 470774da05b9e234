#include "io/shelf.h"

#include <stdlib.h>
#include <string.h>

#include "base/xmem.h"

static void
item_fini(struct shelf_item *i)
{
	free(i->key);
	blob_unref(i->blob);
	*i = (struct shelf_item){ 0 };
}

/* The longest there of those that nobody else holds. */
static struct shelf_item *
make_room(struct shelf *s)
{
	for (size_t n = 0; n < SHELF_ITEMS; n++) {
		struct shelf_item *i = &s->v[s->next];

		s->next = (s->next + 1) % SHELF_ITEMS;
		if (i->blob != NULL && blob_is_shared(i->blob))
			continue;
		item_fini(i);
		return i;
	}
	return NULL;
}

struct shelf_item *
shelf_get(struct shelf *s, const char *key)
{
	struct shelf_item *i;

	for (size_t n = 0; n < SHELF_ITEMS; n++)
		if (s->v[n].blob != NULL && strcmp(s->v[n].key, key) == 0)
			return &s->v[n];
	if ((i = make_room(s)) != NULL)
		i->key = xstrdup(key);
	return i;
}

void
shelf_fini(struct shelf *s)
{
	for (size_t n = 0; n < SHELF_ITEMS; n++)
		item_fini(&s->v[n]);
}
