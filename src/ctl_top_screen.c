/* Happy path: a sample, drawn on the terminal's other screen, a second's wait
 * for a key or a signal, the next one.  Ways it ends: q, or a signal that ends
 * programs; both put the terminal back as it was.  Stopped (^Z) it gives the
 * terminal back, and takes it again when it goes on. */

#include "ctl_top.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/length.h"
#include "ctl_http.h"

#define PERIOD_MS	1000
#define PRINT_WIDTH	120	/* characters */
#define EXIT_FAILED	1
#define EXIT_NO_DAEMON	3

/* Another screen, no cursor, no line that goes on in the next; and back. */
#define SCREEN_TAKE	"\033[?1049h\033[?25l\033[?7l"
#define SCREEN_GIVE	"\033[?7h\033[?25h\033[?1049l"

/* What a signal has asked for: a handler can tell nobody else. */
static volatile sig_atomic_t caught;

struct screen {
	struct termios was;
	struct top top;
	struct top_view view;
	json_t *last;		/* the last sample, taken then */
	int64_t last_ms;
	int ended_by;		/* a signal, or 0 */
	bool quit;
};

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* ---- Samples */

static json_t *
sample(const char *socket, enum ctl_answer *rc, struct buf *why)
{
	struct buf body = { 0 };
	json_t *j = NULL;

	*rc = ctl_http_ask(socket, "GET", "/status", &body);
	buf_reset(why);
	if (*rc == CTL_OK)
		j = json_loads(buf_str(&body), 0, NULL);
	if (j == NULL)
		buf_addf(why, "%s: %s", socket, *rc == CTL_OK ?
		    "the daemon's answer is no status" : buf_str(&body));
	buf_fini(&body);
	return j;
}

static void
top_take(struct screen *s, json_t *is)
{
	int64_t ms = now_ms();

	top_fini(&s->top);
	if (top_make(&s->top, is, s->last, ms - s->last_ms) < 0)
		s->top = (struct top){ 0 };
	json_decref(s->last);
	s->last = is;
	s->last_ms = ms;
}

/* A second look tells what goes by in a second. */
static int
begin(struct screen *s, const char *socket)
{
	const struct timespec pause = { .tv_sec = PERIOD_MS / 1000 };
	struct buf why = { 0 };
	enum ctl_answer rc;
	json_t *j;

	for (int i = 0; i < 2; i++) {
		if (i != 0)
			nanosleep(&pause, NULL);
		if ((j = sample(socket, &rc, &why)) == NULL)
			break;
		top_take(s, j);
	}
	if (j == NULL)
		fprintf(stderr, "retrovuectl: %s%s\n", rc == CTL_NO_DAEMON ?
		    "no daemon at " : "", buf_str(&why));
	buf_fini(&why);
	return j != NULL ? 0 : rc == CTL_NO_DAEMON ? EXIT_NO_DAEMON :
	    EXIT_FAILED;
}

/* ---- The terminal */

static void
say(const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = write(STDOUT_FILENO, text, len);

		if (n < 0 && errno != EINTR)
			return;
		text += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
}

static void
screen_take(struct screen *s)
{
	struct termios raw = s->was;

	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	raw.c_cc[VMIN] = 0;
	raw.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw);
	say(SCREEN_TAKE, strlen(SCREEN_TAKE));
}

static void
screen_give(struct screen *s)
{
	say(SCREEN_GIVE, strlen(SCREEN_GIVE));
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &s->was);
}

static void
size_find(struct top_view *v)
{
	struct winsize w;

	v->width = 80;
	v->height = 24;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col != 0 &&
	    w.ws_row != 0) {
		v->width = w.ws_col;
		v->height = w.ws_row;
	}
}

/* From the upper left corner on, each line to its end. */
static void
show(struct screen *s)
{
	struct buf text = { 0 }, out = { 0 };
	const char *p;

	size_find(&s->view);
	s->view.first = top_clamp(&s->top, &s->view);
	top_draw(&s->top, &s->view, &text);
	buf_adds(&out, "\033[H");
	for (p = buf_str(&text); *p != '\0'; p += *p == '\n') {
		size_t n = strcspn(p, "\n");

		buf_add(&out, p, n);
		buf_adds(&out, p[n] == '\n' ? "\033[K\r\n" : "\033[K");
		p += n;
	}
	buf_adds(&out, "\033[J");
	say(buf_str(&out), out.len);
	buf_fini(&text);
	buf_fini(&out);
}

/* ---- Keys and signals */

static void
scroll(struct screen *s, long by)
{
	size_t n = s->view.first;

	s->view.first = by < 0 && n < (size_t)-by ? 0 : n + (size_t)by;
}

static void
keys_take(struct screen *s)
{
	const long page = s->view.height > 6 ? (long)s->view.height - 5 : 1;
	const struct {
		const char *key;
		long by;
	} keys[] = {
		{ "\033[A", -1 }, { "\033OA", -1 }, { "k", -1 },
		{ "\033[B", 1 }, { "\033OB", 1 }, { "j", 1 },
		{ "\033[5~", -page }, { "\033[6~", page },
	};
	char in[64];
	ssize_t n = read(STDIN_FILENO, in, sizeof in - 1);

	/* Whose terminal has gone is not read from again. */
	s->quit |= n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
	in[n > 0 ? n : 0] = '\0';
	for (const char *p = in; *p != '\0';) {
		size_t i = 0, len = 1;

		while (i < LENGTH(keys) && strncmp(p, keys[i].key,
		    strlen(keys[i].key)) != 0)
			i++;
		if (i < LENGTH(keys)) {
			scroll(s, keys[i].by);
			len = strlen(keys[i].key);
		}
		s->quit |= *p == 'q' || *p == 'Q';
		p += len;
	}
}

static void
on_signal(int signum)
{
	caught = signum;
}

static void
suspend(struct screen *s)
{
	screen_give(s);
	raise(SIGSTOP);
	screen_take(s);
}

/* Until the next sample is due.  Signals come here and nowhere else. */
static void
wait_until(struct screen *s, int64_t due_ms, const sigset_t *open)
{
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };
	int64_t left;

	while (!s->quit && s->ended_by == 0 &&
	    (left = due_ms - now_ms()) > 0) {
		struct timespec ts = { left / 1000, left % 1000 * 1000000 };

		caught = 0;
		if (ppoll(&p, 1, &ts, open) > 0)
			keys_take(s);
		if (caught == SIGTSTP)
			suspend(s);
		else if (caught != 0 && caught != SIGWINCH &&
		    caught != SIGCONT)
			s->ended_by = caught;
		show(s);
	}
}

static void
signals_take(sigset_t *open)
{
	static const int signals[] = {
		SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGWINCH, SIGTSTP,
		SIGCONT,
	};
	struct sigaction sa = { .sa_handler = on_signal };
	sigset_t shut;

	sigemptyset(&shut);
	for (size_t i = 0; i < LENGTH(signals); i++) {
		sigaddset(&shut, signals[i]);
		sigaction(signals[i], &sa, NULL);
	}
	sigprocmask(SIG_BLOCK, &shut, open);
}

static void
run(struct screen *s, const char *socket)
{
	struct buf why = { 0 };
	enum ctl_answer rc;
	sigset_t open;
	json_t *j;

	signals_take(&open);
	screen_take(s);
	show(s);
	while (!s->quit && s->ended_by == 0) {
		wait_until(s, s->last_ms + PERIOD_MS, &open);
		if (s->quit || s->ended_by != 0)
			break;
		if ((j = sample(socket, &rc, &why)) != NULL)
			top_take(s, j);
		else
			s->last_ms = now_ms();
		s->view.word = j != NULL ? NULL : buf_str(&why);
		show(s);
	}
	screen_give(s);
	sigprocmask(SIG_SETMASK, &open, NULL);
	buf_fini(&why);
}

/* As whoever runs us expects of one whom that signal has ended. */
static void
end_by(int signum)
{
	signal(signum, SIG_DFL);
	raise(signum);
}

static bool
may_colour(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return (no == NULL || *no == '\0') && term != NULL &&
	    strcmp(term, "dumb") != 0;
}

/* Without a screen: wide, and no blanks at the ends of lines. */
static void
print(struct screen *s, bool json)
{
	const struct top_view view = {
		.width = PRINT_WIDTH, .height = s->top.nrows + 4, .word = "",
	};
	struct buf out = { 0 };
	const char *p;

	if (json)
		top_json(&s->top, &out);
	else
		top_draw(&s->top, &view, &out);
	for (p = buf_str(&out); *p != '\0'; p += *p == '\n') {
		size_t n = strcspn(p, "\n"), keep = n;

		while (keep > 0 && p[keep - 1] == ' ')
			keep--;
		printf("%.*s\n", (int)keep, p);
		p += n;
	}
	buf_fini(&out);
}

int
ctl_top(const char *socket, bool json)
{
	struct screen s = { .view.colour = may_colour() };
	bool live = !json && isatty(STDOUT_FILENO) &&
	    tcgetattr(STDIN_FILENO, &s.was) == 0;
	int rc = begin(&s, socket);

	if (rc == 0 && live)
		run(&s, socket);
	else if (rc == 0)
		print(&s, json);
	if (fflush(stdout) != 0)
		rc = EXIT_FAILED;
	top_fini(&s.top);
	json_decref(s.last);
	if (s.ended_by != 0)
		end_by(s.ended_by);
	return rc;
}
