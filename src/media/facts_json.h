/* facts_json.h - facts as the database keeps them: JSON. */

#ifndef MEDIA_FACTS_JSON_H
#define MEDIA_FACTS_JSON_H

#include "plan/facts.h"

/* What f says; NULL where it says nothing.  malloc'd. */
char *facts_to_json(const struct facts *f);

/* Back into *f, for facts_fini().  Text is any bytes, or NULL; what is not
 * understood is left out. */
void facts_of_json(struct facts *f, const char *text);

#endif
