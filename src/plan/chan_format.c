#include "plan/chan_parts.h"

#include "plan/conf.h"
#include "plan/format_read.h"

void
chan_read_format(struct chan *c, const struct node *root,
    const struct station *st, struct errs *e)
{
	const struct node *v = conf_get(root, "format");
	const char *name;

	c->format = station_format_default(st);
	if (v == NULL)
		return;
	if (v->kind == NODE_MAP)
		format_read(&c->format, v, e);
	else if (v->kind == NODE_LIST)
		conf_fault(e, v, "format must be a name or a map of keys");
	else if (conf_str(e, root, "format", &name))
		station_format_find(st, v, e, &c->format);
}
