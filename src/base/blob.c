#include "base/blob.h"

#include <stdlib.h>

#include "base/xmem.h"

struct blob *
blob_new(struct buf *b)
{
	struct blob *blob = xcalloc(1, sizeof(*blob));

	blob->bytes = *b;
	blob->data = b->data;
	blob->len = b->len;
	*b = (struct buf){ 0 };
	return blob;
}

struct blob *
blob_ref(struct blob *b)
{
	(void)__atomic_add_fetch(&b->refs, 1, __ATOMIC_RELAXED);
	return b;
}

bool
blob_is_shared(const struct blob *b)
{
	return __atomic_load_n(&b->refs, __ATOMIC_ACQUIRE) > 0;
}

void
blob_unref(struct blob *b)
{
	if (b == NULL || __atomic_fetch_sub(&b->refs, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	buf_fini(&b->bytes);
	free(b);
}
