#include "ts/au.h"

#include <string.h>

#include "base/xmem.h"

#define NAL_SLICE	1	/* ISO/IEC 14496-10 table 7-1 */
#define NAL_IDR		5

struct au *
au_new(int64_t index, bool key, const uint8_t *data, size_t len)
{
	struct au *a = xmalloc(sizeof *a + len);

	a->index = index;
	a->key = key;
	a->len = len;
	if (len != 0)
		memcpy(a->data, data, len);
	return a;
}

bool
h264_is_idr(const uint8_t *data, size_t len)
{
	const uint8_t *p = data, *end = data + len;

	/* The first slice decides; what stands before it is short. */
	while (end - p > 3) {
		if ((p = memchr(p + 2, 1, (size_t)(end - p - 3))) == NULL)
			return false;
		if (p[-1] == 0 && p[-2] == 0) {
			int type = p[1] & 0x1f;

			if (type == NAL_IDR)
				return true;
			if (type == NAL_SLICE)
				return false;
		}
		p--;
	}
	return false;
}
