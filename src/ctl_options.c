#include "ctl_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/xmem.h"
#include "media/config.h"

enum exit_code
options_print(struct buf *text)
{
	if (text->len != 0)
		fwrite(text->data, 1, text->len, stdout);
	if (fflush(stdout) == 0 && !ferror(stdout))
		return EXIT_DONE;
	perror("retrovuectl: cannot write");
	return EXIT_FAULTS;
}

const char *
options_config(const struct options *o)
{
	return o->config != NULL ? o->config : CONFIG_PATH;
}

char *
options_socket(const struct options *o, struct errs *e)
{
	if (o->socket != NULL)
		return xstrdup(o->socket);
	if (o->config == NULL && access(CONFIG_PATH, R_OK) < 0)
		return xstrdup(SOCKET_PATH);
	return config_socket(options_config(o), e);
}

char *
options_find_socket(const struct options *o)
{
	struct errs e = { 0 };
	struct buf out = { 0 };
	char *path = options_socket(o, &e);

	if (path == NULL) {
		errs_print(&e, &out);
		fprintf(stderr, "%sretrovuectl: where the daemon listens is "
		    "not known; name its socket with -s\n", buf_str(&out));
	}
	buf_fini(&out);
	errs_fini(&e);
	return path;
}
