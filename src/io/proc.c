#include "io/proc.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "air/argv.h"
#include "base/blame.h"
#include "base/lastwords.h"
#include "base/xmem.h"

#define PIPE_BYTES	(1 << 20)
#define READ_BYTES	65536
#define NFDS		4		/* that a child has */
#define LINE_MAX_LEN	120		/* what is longer is cut */
#define WORDS_MAX	400		/* of its stderr, the last ones */

struct proc {
	uint64_t id;
	const struct proc_hooks *hooks;	/* NULL: forgotten */
	void *ctx;
	uv_process_t process;
	uv_pipe_t out, err, told;
	int handles;			/* not yet closed */
	bool grouped;
	bool exited, out_ended, err_ended, told_ended;
	int64_t status;
	int signum;
	char words[WORDS_MAX + 1];	/* the end of its stderr */
	size_t nwords;
	char line[LINE_MAX_LEN + 1];	/* from descriptor 3, not whole yet */
	size_t nline;
};

static void
on_close(uv_handle_t *h)
{
	struct proc *p = h->data;

	if (--p->handles == 0 && p->hooks == NULL)
		free(p);
}

static void
on_alloc(uv_handle_t *h, size_t suggested, uv_buf_t *b)
{
	/* Borrowed for the read callback that follows at once. */
	static char bytes[READ_BYTES];

	(void)h;
	(void)suggested;
	*b = uv_buf_init(bytes, sizeof bytes);
}

static enum proc_end
end_of(const struct proc *p, const char *words)
{
	if (p->signum != 0)
		return PROC_KILLED;
	return blame_exit((int)p->status, words) == BLAME_SYSTEM ?
	    PROC_OUTSIDE : PROC_BADLY;
}

/* Its exit counts once its last words are read: the text needs both. */
static void
exit_report(struct proc *p)
{
	const char *how = p->signum != 0 ? "killed by signal" : "exit";
	int n = p->signum != 0 ? p->signum : (int)p->status;
	char *words, *why;

	if (!p->exited || !p->err_ended || !p->told_ended || p->hooks == NULL)
		return;
	if (p->status == 0 && p->signum == 0) {
		p->hooks->on_exit(p->ctx, p->id, PROC_WELL, NULL);
		return;
	}
	words = last_words(p->words, WORDS_MAX);
	why = xasprintf("%s %d%s%s", how, n, *words != '\0' ? ": " : "",
	    words);
	p->hooks->on_exit(p->ctx, p->id, end_of(p, words), why);
	free(why);
	free(words);
}

static void
on_exit_cb(uv_process_t *h, int64_t status, int signum)
{
	struct proc *p = h->data;

	p->exited = true;
	p->status = status;
	p->signum = signum;
	uv_close((uv_handle_t *)h, on_close);
	exit_report(p);
}

static void
out_end(struct proc *p)
{
	p->out_ended = true;
	uv_close((uv_handle_t *)&p->out, on_close);
	if (p->hooks != NULL)
		p->hooks->on_eof(p->ctx, p->id);
}

static void
on_out(uv_stream_t *s, ssize_t n, const uv_buf_t *b)
{
	struct proc *p = s->data;

	if (n > 0 && p->hooks != NULL)
		p->hooks->on_bytes(p->ctx, p->id, (const uint8_t *)b->base,
		    (size_t)n);
	if (n < 0)
		out_end(p);
}

static void
words_keep(struct proc *p, const char *s, size_t n)
{
	size_t drop;

	if (n > WORDS_MAX) {
		s += n - WORDS_MAX;
		n = WORDS_MAX;
	}
	drop = p->nwords + n > WORDS_MAX ? p->nwords + n - WORDS_MAX : 0;
	memmove(p->words, p->words + drop, p->nwords - drop);
	p->nwords -= drop;
	for (size_t i = 0; i < n; i++)
		p->words[p->nwords++] = s[i] != '\0' ? s[i] : ' ';
	p->words[p->nwords] = '\0';
}

static void
on_err(uv_stream_t *s, ssize_t n, const uv_buf_t *b)
{
	struct proc *p = s->data;

	if (n > 0)
		words_keep(p, b->base, (size_t)n);
	if (n >= 0)
		return;
	p->err_ended = true;
	uv_close((uv_handle_t *)s, on_close);
	exit_report(p);
}

static void
line_take(struct proc *p, char c)
{
	if (c != '\n') {
		if (p->nline < LINE_MAX_LEN)
			p->line[p->nline++] = c;
		return;
	}
	p->line[p->nline] = '\0';
	p->nline = 0;
	if (p->hooks != NULL)
		p->hooks->on_line(p->ctx, p->id, p->line);
}

static void
on_told(uv_stream_t *s, ssize_t n, const uv_buf_t *b)
{
	struct proc *p = s->data;

	for (ssize_t i = 0; i < n; i++)
		line_take(p, b->base[i]);
	if (n >= 0)
		return;
	p->told_ended = true;
	uv_close((uv_handle_t *)s, on_close);
	exit_report(p);
}

/* A pipe whose reading end is ours and never reaches a child.  bytes: what it
 * should hold, 0: the system's own, as a user may have so many pages only. */
static int
pipe_open(uv_loop_t *loop, uv_pipe_t *end, struct proc *p, int bytes,
    int *theirs)
{
	int fds[2], rc;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -1;
	if (bytes > 0)
		fcntl(fds[0], F_SETPIPE_SZ, bytes);	/* where allowed */
	uv_pipe_init(loop, end, 0);
	end->data = p;
	p->handles++;
	if ((rc = uv_pipe_open(end, fds[0])) < 0)
		close(fds[0]);
	*theirs = fds[1];
	return rc;
}

struct proc *
proc_spawn(uv_loop_t *loop, uint64_t id, const struct shim *shim, char **argv,
    const struct proc_hooks *hooks, void *ctx, int *error)
{
	struct proc *p = xcalloc(1, sizeof *p);
	char **args = shim_argv(shim, (int)getpid(), NFDS,
	    (const char *const *)argv);
	int out = -1, err = -1, told = -1;
	uv_stdio_container_t io[NFDS] = { { .flags = UV_IGNORE } };
	uv_process_options_t o = {
		.exit_cb = on_exit_cb,
		.file = args[0],
		.args = args,
		.stdio_count = NFDS,
		.stdio = io,
	};

	p->id = id;
	p->grouped = shim != NULL && shim->path != NULL;
	p->process.data = p;
	*error = UV_EMFILE;
	if (pipe_open(loop, &p->out, p, PIPE_BYTES, &out) < 0 ||
	    pipe_open(loop, &p->err, p, 0, &err) < 0 ||
	    pipe_open(loop, &p->told, p, 0, &told) < 0)
		goto fail;
	io[1] = (uv_stdio_container_t){ .flags = UV_INHERIT_FD,
	    .data = { .fd = out } };
	io[2] = (uv_stdio_container_t){ .flags = UV_INHERIT_FD,
	    .data = { .fd = err } };
	io[3] = (uv_stdio_container_t){ .flags = UV_INHERIT_FD,
	    .data = { .fd = told } };
	p->handles++;
	if ((*error = uv_spawn(loop, &p->process, &o)) < 0) {
		uv_close((uv_handle_t *)&p->process, on_close);
		goto fail;
	}
	close(out);
	close(err);
	close(told);
	argv_free(args);
	p->hooks = hooks;
	p->ctx = ctx;
	uv_read_start((uv_stream_t *)&p->out, on_alloc, on_out);
	uv_read_start((uv_stream_t *)&p->err, on_alloc, on_err);
	uv_read_start((uv_stream_t *)&p->told, on_alloc, on_told);
	return p;
fail:
	argv_free(args);
	if (out >= 0)
		close(out);
	if (err >= 0)
		close(err);
	if (told >= 0)
		close(told);
	if (p->out.data != NULL)
		uv_close((uv_handle_t *)&p->out, on_close);
	if (p->err.data != NULL)
		uv_close((uv_handle_t *)&p->err, on_close);
	if (p->told.data != NULL)
		uv_close((uv_handle_t *)&p->told, on_close);
	if (p->handles == 0)
		free(p);
	return NULL;
}

void
proc_read(struct proc *p)
{
	if (!p->out_ended)
		uv_read_start((uv_stream_t *)&p->out, on_alloc, on_out);
}

void
proc_hold(struct proc *p)
{
	if (!p->out_ended)
		uv_read_stop((uv_stream_t *)&p->out);
}

void
proc_close_output(struct proc *p)
{
	if (!p->out_ended)
		out_end(p);
}

void
proc_signal(struct proc *p, int signum)
{
	/* The shim has made it a group of its own, with all that it starts. */
	if (!p->exited && (!p->grouped ||
	    kill(-p->process.pid, signum) < 0))
		uv_process_kill(&p->process, signum);
}

int
proc_pid(const struct proc *p)
{
	return p->process.pid;
}

void
proc_forget(struct proc *p)
{
	p->hooks = NULL;
	if (p->handles == 0)
		free(p);
	else
		proc_read(p);		/* so that its end is seen */
}
