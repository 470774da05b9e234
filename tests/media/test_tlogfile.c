/* test_tlogfile.c - transmission logs are read as they were written, and
 * believed only where they are whole. */

#include "../unit/world.h"
#include "tmptree.h"

#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "media/files.h"
#include "media/scan.h"
#include "media/tlogfile.h"
#include "plan/kept.h"

#define SINCE	INT64_C(19723)		/* 2024-01-01 */
#define TODAY	(SINCE + 40)
#define WORLDS	60

static const char *dir;

static int
setup(void **state)
{
	int rc = tree_setup(state);

	dir = ((struct tree *)*state)->dir;
	return rc;
}

static struct world *
wild(uint64_t seed)
{
	static char number[] = "1";
	struct world *w = wild_world(seed);

	w->ch.number = number;
	return w;
}

static struct timeline *
line(struct world *w)
{
	return timeline_new(&w->ch, &w->lib, w->z, SINCE);
}

static void
same_asset(const struct asset *a, const struct asset *b)
{
	assert_int_equal(a == NULL, b == NULL);
	if (a != NULL)
		assert_string_equal(a->path, b->path);
}

static void
same_text(const char *a, const char *b)
{
	assert_int_equal(a == NULL, b == NULL);
	if (a != NULL)
		assert_string_equal(a, b);
}

static void
same_guide(const struct programme *p, const struct programme *q)
{
	same_text(p->subtitle, q->subtitle);
	same_text(p->description, q->description);
	assert_int_equal(p->several, q->several);
	assert_int_equal(p->first_run, q->first_run);
	same_text(p->rerun_channel, q->rerun_channel);
	assert_int_equal(p->rerun_hours, q->rerun_hours);
}

/* From n0 on, to n1; titles but the segments' own. */
static void
same(struct timeline *a, struct timeline *b, int64_t n0, int64_t n1)
{
	for (int64_t n = n0; n < n1;) {
		const struct segment *x = timeline_at(a, n);
		const struct segment *y = timeline_at(b, n);
		const struct programme *p = timeline_programme(a, x);
		const struct programme *q = timeline_programme(b, y);

		assert_int_equal(x->n0, y->n0);
		assert_int_equal(x->n1, y->n1);
		assert_int_equal(x->in, y->in);
		assert_int_equal(x->kind, y->kind);
		same_asset(x->asset, y->asset);
		assert_int_equal(p == NULL, q == NULL);
		if (p != NULL) {
			assert_int_equal(p->n0, q->n0);
			assert_int_equal(p->n1, q->n1);
			assert_string_equal(p->title, q->title);
			same_guide(p, q);
			same_asset(p->asset, q->asset);
		}
		n = x->n1;
	}
}

/* ---- Round trips */

static void
cursors_come_back_as_they_were_stored(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= WORLDS; seed++) {
		struct world *w = wild(seed);
		struct selection *s = selection_new(&w->ch, &w->lib);
		struct cursors c, back;

		cursors_init(&c, &w->ch);
		for (int64_t d = SINCE; d < TODAY; d++) {
			struct buf p = { 0 };

			plan_skip_day(&w->ch, s, w->z, &c, d);
			cursors_print(&c, &w->ch, &p);
			assert_true(cursors_parse(&back, &w->ch,
			    buf_str(&p)));
			assert_true(cursors_equal(&c, &back));
			cursors_fini(&back);
			buf_fini(&p);
		}
		cursors_fini(&c);
		selection_free(s);
		world_free(w);
	}
}

static struct tlog *
stored(const struct world *w, int64_t date)
{
	const char *why;
	struct tlog *t = tlogfile_read(dir, w->ch.slug, date, &why);

	assert_null(why);
	return t;
}

static void
a_day_is_read_as_it_was_written(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= WORLDS; seed++) {
		struct world *w = wild(seed);
		struct timeline *t = line(w), *u = line(w);
		struct buf c = { 0 };
		struct tlog *l;

		assert_int_equal(tlogfile_save(dir, t, TODAY), 0);
		l = stored(w, TODAY);
		assert_non_null(l);
		assert_int_equal(l->day->n0, timeline_day(t, TODAY));
		assert_int_equal(l->day->n1, timeline_day(t, TODAY + 1));
		timeline_keep_day(u, l->day, l->day->n0, l->day->n1);
		assert_false(timeline_kept_until(u) > 0);
		tlog_bind(l, &w->lib);
		for (size_t i = 0; i < l->day->nsegments; i++) {
			const struct asset *a = l->day->segments[i].asset;

			assert_true(a == NULL || (a >= w->assets &&
			    a < w->assets + w->lib.n));
		}
		timeline_cursors(t, TODAY + 1, &c);
		assert_string_equal(buf_str(&c), buf_str(&l->cursors));
		buf_fini(&c);
		tlog_free(l);
		timeline_free(t);
		timeline_free(u);
		world_free(w);
	}
}

static void
names_of_any_bytes_come_back(void **state)
{
	static const char name[] = "/a/\xff\"\n\\\x01";
	struct world *w = world_new(pal);
	struct timeline *t;
	struct tlog *l;

	(void)state;
	w->ch.number = w->ch.slug;
	world_asset(w, name, ASSET_episode, 22 * MINUTE);
	world_block(w, 0, 86400, world_pool(w, "/a"));
	t = line(w);
	assert_int_equal(tlogfile_save(dir, t, TODAY), 0);
	l = stored(w, TODAY);
	assert_string_equal(l->day->segments[0].asset->path, name);
	tlog_free(l);
	timeline_free(t);
	world_free(w);
}

/* ---- Damage */

static void
the_text(struct buf *text)
{
	struct world *w = wild(3);
	struct timeline *t = line(w);
	struct kept *k = kept_new(t, timeline_day(t, TODAY),
	    timeline_day(t, TODAY + 1));
	struct buf c = { 0 }, none = { 0 };

	kept_day(k)->date = TODAY;
	timeline_cursors(t, TODAY + 1, &c);
	tlogfile_add_json(text, "one", w->ch.format.rate, kept_day(k), NULL,
	    &none, buf_str(&c));
	buf_fini(&none);
	buf_fini(&c);
	kept_free(k);
	timeline_free(t);
	world_free(w);
}

static const char *
why_not(const char *text, size_t len)
{
	const char *why;
	struct tlog *t = tlogfile_parse(text, len, "one", TODAY, &why);

	assert_int_equal(t == NULL, why != NULL);
	tlog_free(t);
	return why;
}

static void
a_log_that_breaks_off_is_refused_wherever_it_does(void **state)
{
	struct buf text = { 0 };

	(void)state;
	the_text(&text);
	assert_null(why_not(buf_str(&text), text.len));
	for (size_t n = 0; n < text.len; n += n < 2000 ? 1 : 997)
		assert_non_null(why_not(buf_str(&text), n));
	for (size_t n = text.len - 200; n < text.len; n++)
		assert_non_null(why_not(buf_str(&text), n));
	buf_fini(&text);
}

/* A line that is missing, twice there or elsewhere. */
static void
a_log_whose_lines_do_not_follow_one_another_is_refused(void **state)
{
	struct buf text = { 0 }, bad = { 0 };
	const char *p, *q;

	(void)state;
	the_text(&text);
	for (p = buf_str(&text); *p != '\0'; p = q + 1) {
		size_t before = (size_t)(p - buf_str(&text));
		size_t len;

		q = strchr(p, '\n');
		len = (size_t)(q + 1 - p);
		buf_reset(&bad);
		buf_add(&bad, text.data, before);
		buf_add(&bad, p + len, text.len - before - len);
		assert_non_null(why_not(buf_str(&bad), bad.len));
		buf_add(&bad, p, len);
		if (q[1] != '\0')
			assert_non_null(why_not(buf_str(&bad), bad.len));
		buf_add(&bad, p, len);
		assert_non_null(why_not(buf_str(&bad), bad.len));
		if (before > 4000)
			break;
	}
	buf_fini(&bad);
	buf_fini(&text);
}

static void
any_byte_that_is_changed_is_refused_or_harmless(void **state)
{
	static const char other[] = "\"0-9{}[],:\nx\x80";
	struct buf text = { 0 };
	struct world *w = wild(3);

	(void)state;
	the_text(&text);
	for (int i = 0; i < 2000; i++) {
		size_t at = (size_t)world_random(w, 3) > 0 ?
		    (size_t)world_random(w, (int64_t)text.len) :
		    text.len - 1 - (size_t)world_random(w, 400);
		uint8_t was = text.data[at];

		text.data[at] = (uint8_t)other[world_random(w,
		    sizeof other - 1)];
		why_not(buf_str(&text), text.len);
		text.data[at] = was;
	}
	world_free(w);
	buf_fini(&text);
}

struct damage {
	const char *from, *to;
};

static void
numbers_that_no_plan_has_are_refused(void **state)
{
	static const struct damage damages[] = {
		{ "\"version\":1", "\"version\":2" },
		{ "\"channel\":\"one\"", "\"channel\":\"two\"" },
		{ "\"date\":", "\"date\":9" },
		{ "\"in_frame\":", "\"in_frame\":-" },
		{ "\"in_frame\":", "\"in_frame\":9999999999999999999" },
		{ "\"frames\":", "\"frames\":-" },
		{ "\"frames\":", "\"frames\":1" },
		{ "\"frames\":", "\"frames\":0" },
		{ "\"kind\":\"", "\"kind\":\"x" },
		{ "\"kind\":\"programme\"", "\"kind\":\"pad\"" },
		{ "\"programme\":{\"title", "\"programme\":{\"titel" },
		{ "\"rate\":\"", "\"rate\":\"-" },
		{ "\"rate\":\"", "\"rate\":\"0/" },
		{ "\"segments\":", "\"segments\":1" },
		{ "\"event_id\":\"one-", "\"event_id\":\"two-" },
		{ "\"asset\":\"/", "\"asset\":\"" },
		{ "\"cursors\":[", "\"cursors\":[1," },
		{ "\"cursors\":[", "\"cursors\":[[" },
	};
	struct buf text = { 0 }, bad = { 0 };

	(void)state;
	the_text(&text);
	for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
		const char *at = strstr(buf_str(&text), damages[i].from);

		assert_non_null(at);
		buf_reset(&bad);
		buf_add(&bad, text.data, (size_t)(at - buf_str(&text)));
		buf_adds(&bad, damages[i].to);
		buf_adds(&bad, at + strlen(damages[i].from));
		assert_non_null(why_not(buf_str(&bad), bad.len));
	}
	buf_fini(&bad);
	buf_fini(&text);
}

static void
cursors_that_are_none_are_refused(void **state)
{
	static const char *const values[] = {
		"", "1", "1:", ":1:2", "1:2:", "1::2", "1:x", "1:-2",
		"1:12345678901234567", "1:2:4:3", "1:2:3:3", "A:B",
	};
	struct world *w = world_new(pal);
	struct cursors c;
	char text[80];

	(void)state;
	world_block(w, 0, 86400, world_pool(w, "/a"));
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
		snprintf(text, sizeof text, "cursors 1\n%s all_day 00:00:00 "
		    "/a\n", values[i]);
		assert_false(cursors_parse(&c, &w->ch, text));
		cursors_fini(&c);
	}
	assert_false(cursors_parse(&c, &w->ch, ""));
	cursors_fini(&c);
	world_free(w);
}

/* ---- What is gone on from */

/* Five shows of so many minutes in that directory, all day from `start`. */
static struct world *
shows(const char *name, int minutes, int start_s)
{
	struct world *w = world_new(pal);

	w->ch.number = w->ch.slug;
	for (int i = 0; i < 5; i++) {
		char *path = xasprintf("%s/%d", name, i);

		world_marker(world_asset(w, path, ASSET_episode,
		    minutes * MINUTE), MARKER_avail, 5 * MINUTE, -1);
		free(path);
	}
	world_asset(w, "/s/1", ASSET_commercial, 3 * MINUTE);
	world_block(w, start_s, 86400, world_pool(w, name));
	return w;
}

static int64_t
at(int64_t date, int hour, int min)
{
	return (date * 86400 + hour * 3600 + min * 60) * 25;
}

static void
go_on(struct timeline *t, const struct world *w, int64_t now, int64_t lock_s)
{
	const struct tlogfile_start s = {
		.dir = dir, .library = &w->lib, .now_ns = now / 25 * NS_PER_S,
		.lock_s = lock_s,
	};
	struct errs e = { 0 };

	tlogfile_start(t, &s, &e);
	assert_int_equal(e.n, 0);
	errs_fini(&e);
}

static void
save(struct timeline *t, int64_t date)
{
	assert_int_equal(tlogfile_save(dir, t, date), 0);
}

/* What the guide has of it, too. */
static void
describe(struct block *b)
{
	static char title[] = "Series", other[] = "two";
	static char text[] = "About it.\n\"Twice\".";

	b->title = title;
	b->description = text;
	b->rerun = (struct rerun){ other, 12 };
	b->first_run = true;
}

static void
what_was_stored_stands_for_ten_minutes_over_a_restart(void **state)
{
	struct world *was = shows("/a", 22, 0), *is = shows("/b", 40, 0);
	struct timeline *old = line(was), *t = line(is), *fresh = line(is);
	int64_t until = at(TODAY, 20, 30);

	(void)state;
	describe(&was->blocks[0]);
	for (int i = -2; i < 2; i++)
		save(old, TODAY + i);
	go_on(t, is, at(TODAY, 20, 12), TLOGFILE_LOCK_S);
	assert_int_equal(timeline_kept_until(t), until);
	same(t, old, at(TODAY - 1, 0, 0), until);
	same(t, fresh, timeline_item_end(t, until), at(TODAY + 3, 0, 0));
	assert_string_equal(timeline_at(t, until)->asset->path, "/b/0");
	timeline_free(old);
	timeline_free(t);
	timeline_free(fresh);
	world_free(was);
	world_free(is);
}

static void
what_was_stored_and_would_be_planned_is_not_held(void **state)
{
	struct world *w = shows("/a", 22, 0);
	struct timeline *old = line(w), *t = line(w);

	(void)state;
	save(old, TODAY);
	save(old, TODAY + 1);
	go_on(t, w, at(TODAY, 23, 55), TLOGFILE_LOCK_S);
	assert_int_equal(timeline_kept_until(t), 0);
	same(t, old, at(TODAY, 0, 0), at(TODAY + 2, 0, 0));
	timeline_free(old);
	timeline_free(t);
	world_free(w);
}

static void
a_stored_spot_says_why_it_was_chosen(void **state)
{
	struct world *w = shows("/a", 22, 0);
	struct timeline *t = line(w);
	struct buf text = { 0 };
	const char *why;
	char *path = tlogfile_path(dir, w->ch.slug, TODAY, ".jsonl");

	(void)state;
	save(t, TODAY);
	assert_int_equal(scan_read_file(NULL, path, &text, &why), 0);
	assert_non_null(strstr(buf_str(&text), "\"kind\":\"spot\""));
	assert_non_null(strstr(buf_str(&text),
	    "\"chosen\":\"least recently aired of 1\""));
	assert_non_null(strstr(buf_str(&text),
	    "\"chosen\":\"next in order, 1 of 5 in pool '/a'\""));
	free(path);
	buf_fini(&text);
	timeline_free(t);
	world_free(w);
}

/* Another first day makes other turns of 48 slots and five shows. */
static void
stored_cursors_say_whose_turn_it_is(void **state)
{
	struct world *w = shows("/a", 22, 0);
	struct timeline *old = timeline_new(&w->ch, &w->lib, w->z, SINCE + 1);
	struct timeline *t = line(w), *fresh = line(w);
	int64_t n = at(TODAY, 0, 0);

	(void)state;
	save(old, TODAY - 4);
	go_on(t, w, at(TODAY, 12, 0), -1);
	same(t, old, n, at(TODAY + 2, 0, 0));
	assert_ptr_not_equal(timeline_at(fresh, n)->asset,
	    timeline_at(t, n)->asset);
	timeline_free(old);
	timeline_free(t);
	timeline_free(fresh);
	world_free(w);
}

/* Each of them from a plan of its own. */
static void
every_stored_day_says_what_comes_after_it(void **state)
{
	struct world *w = shows("/a", 22, 0);
	struct timeline *t = line(w);

	(void)state;
	for (int i = -3; i < 0; i++) {
		struct timeline *old = timeline_new(&w->ch, &w->lib, w->z,
		    SINCE - i);

		save(old, TODAY + i);
		timeline_free(old);
	}
	go_on(t, w, at(TODAY, 12, 0), -1);
	for (int i = -3; i < 0; i++) {
		struct timeline *old = timeline_new(&w->ch, &w->lib, w->z,
		    SINCE - i);

		same(t, old, at(TODAY + i + 1, 0, 0),
		    at(TODAY + i + 2, 0, 0));
		timeline_free(old);
	}
	timeline_free(t);
	world_free(w);
}

static void
an_edited_schedule_goes_on_with_what_is_still_in_it(void **state)
{
	struct world *w = shows("/a", 22, 0), *v = shows("/a", 22, 0);
	struct timeline *old, *t;
	size_t pool;

	(void)state;
	w->blocks[0].length_s = v->blocks[0].length_s = 12 * HOUR_S;
	old = timeline_new(&w->ch, &w->lib, w->z, SINCE + 1);
	save(old, TODAY - 1);
	/* A block before it, of a pool before its own: both move up. */
	pool = v->blocks[0].pools[0];
	v->ch.nblocks = 0;
	world_block(v, 12 * HOUR_S, 6 * HOUR_S, world_pool(v, "/s"));
	world_block(v, 0, 12 * HOUR_S, pool);
	t = line(v);
	go_on(t, v, at(TODAY, 12, 0), -1);
	same(t, old, at(TODAY, 0, 0), at(TODAY, 12, 0));
	timeline_free(old);
	timeline_free(t);
	world_free(w);
	world_free(v);
}

static void
damaged_logs_are_told_of_and_planned_anew(void **state)
{
	struct world *w = shows("/a", 22, 0);
	struct timeline *old = line(w), *t = line(w);
	char *path = tlogfile_path(dir, "one", TODAY - 1, ".jsonl");
	const struct tlogfile_start s = {
		.dir = dir, .library = &w->lib, .lock_s = TLOGFILE_LOCK_S,
		.now_ns = at(TODAY, 12, 0) / 25 * NS_PER_S,
	};
	struct errs e = { 0 };

	(void)state;
	save(old, TODAY - 1);
	assert_int_equal(files_replace(path, "{}\n", 3), 0);
	tlogfile_start(t, &s, &e);
	assert_int_equal(e.n, 1);
	assert_int_equal(e.faults, 0);
	assert_string_equal(e.items[0].file, path);
	same(t, old, at(TODAY - 1, 0, 0), at(TODAY + 1, 0, 0));
	errs_fini(&e);
	free(path);
	timeline_free(old);
	timeline_free(t);
	world_free(w);
}

static void
a_day_planned_elsewhere_is_the_one_planned_here(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 20; seed++) {
		struct world *w = wild(seed);
		struct timeline *a = line(w), *b = line(w), *c = line(w);

		for (int64_t d = TODAY; d < TODAY + 3; d++)
			timeline_put(a, timeline_plan(b, d));
		same(a, c, timeline_day(a, TODAY), timeline_day(a, TODAY + 3));
		timeline_free(a);
		timeline_free(b);
		timeline_free(c);
		world_free(w);
	}
}

/* ---- What is forgotten */

/* As a daemon leaves them that plans on that day. */
static void
plan_on(int64_t today)
{
	for (int64_t date = today; date < today + 2; date++)
		for (int i = 0; i < 2; i++) {
			char *path = tlogfile_path(dir, "one", date,
			    i > 0 ? ".jsonl" : "");
			FILE *f = fopen(path, "w");

			assert_non_null(f);
			fclose(f);
			free(path);
		}
	tlogfile_forget(dir, "one", today);
}

static void
plan_from_to(int64_t first, int64_t last)
{
	char *path = xasprintf("%s/one", dir);

	assert_int_equal(files_make_dirs(path), 0);
	free(path);
	for (int64_t today = first; today <= last; today++)
		plan_on(today);
}

/* How many of those days have both files; none has but one. */
static int
logs(int64_t first, int64_t last)
{
	int n = 0;

	for (int64_t date = first; date <= last; date++) {
		char *text = tlogfile_path(dir, "one", date, "");
		char *json = tlogfile_path(dir, "one", date, ".jsonl");

		assert_int_equal(access(text, F_OK), access(json, F_OK));
		n += access(json, F_OK) == 0;
		free(text);
		free(json);
	}
	return n;
}

static void
the_oldest_logs_are_forgotten_day_by_day(void **state)
{
	(void)state;
	plan_from_to(TODAY - 100, TODAY);
	assert_int_equal(logs(TODAY - 101, TODAY - TLOGFILE_DAYS), 0);
	assert_int_equal(logs(TODAY - TLOGFILE_DAYS + 1, TODAY + 1),
	    TLOGFILE_DAYS + 1);
}

static void
days_off_make_nobody_forget(void **state)
{
	(void)state;
	plan_from_to(TODAY - 100, TODAY - 80);
	plan_on(TODAY);
	assert_int_equal(logs(TODAY - 100, TODAY - 79), 22);
}

static void
a_clock_that_is_ahead_for_a_while_costs_but_the_oldest(void **state)
{
	int64_t catchup = TODAY - 62;

	(void)state;
	plan_from_to(TODAY - 100, TODAY);
	for (int i = 0; i < 3; i++) {
		plan_on(TODAY + 100);
		plan_on(TODAY);
		plan_on(TODAY + 20000);
		plan_on(TODAY);
	}
	assert_int_equal(logs(catchup, TODAY + 1), 64);
}

static void
a_clock_that_is_behind_for_a_while_costs_nothing(void **state)
{
	static const int back[] = { 1, 2, 3, 30, 69, 70, 71, 365, TODAY };

	(void)state;
	plan_from_to(TODAY - 100, TODAY);
	for (size_t i = 0; i < sizeof back / sizeof back[0]; i++) {
		plan_on(TODAY - back[i]);
		assert_int_equal(logs(TODAY - TLOGFILE_DAYS + 1, TODAY + 1),
		    TLOGFILE_DAYS + 1);
	}
}

static void
logs_of_days_that_never_came_go_once_the_days_go_on(void **state)
{
	(void)state;
	plan_from_to(TODAY - 100, TODAY);
	plan_from_to(TODAY + 100, TODAY + 102);
	plan_on(TODAY);
	assert_int_equal(logs(TODAY + 100, TODAY + 103), 4);
	plan_from_to(TODAY + 1, TODAY + 5);
	assert_int_equal(logs(TODAY + 100, TODAY + 103), 0);
	assert_int_equal(logs(TODAY - 62, TODAY + 6), 69);
}

static void
a_clock_that_was_wrong_for_months_is_left_behind(void **state)
{
	(void)state;
	plan_from_to(TODAY - 20, TODAY);
	plan_from_to(TODAY + 400, TODAY + 460);
	assert_int_equal(logs(TODAY - 20, TODAY + 1), 9);
	plan_from_to(TODAY + 61, TODAY + 61 + TLOGFILE_DAYS);
	assert_int_equal(logs(TODAY + 400, TODAY + 461), 0);
}

static void
logs_of_days_to_come_are_not_gone_on_from(void **state)
{
	struct world *was = shows("/a", 22, 0), *is = shows("/a", 40, 0);
	struct timeline *old = line(was), *t = line(is), *fresh = line(is);

	(void)state;
	for (int i = 2; i < 100; i++)
		save(old, TODAY + i);
	go_on(t, is, at(TODAY, 23, 55), TLOGFILE_LOCK_S);
	assert_int_equal(timeline_kept_until(t), 0);
	same(t, fresh, at(TODAY - 1, 0, 0), at(TODAY + 3, 0, 0));
	timeline_free(old);
	timeline_free(t);
	timeline_free(fresh);
	world_free(was);
	world_free(is);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, tree_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(cursors_come_back_as_they_were_stored),
		T(a_day_is_read_as_it_was_written),
		T(names_of_any_bytes_come_back),
		T(a_log_that_breaks_off_is_refused_wherever_it_does),
		T(a_log_whose_lines_do_not_follow_one_another_is_refused),
		T(any_byte_that_is_changed_is_refused_or_harmless),
		T(numbers_that_no_plan_has_are_refused),
		T(cursors_that_are_none_are_refused),
		T(what_was_stored_stands_for_ten_minutes_over_a_restart),
		T(what_was_stored_and_would_be_planned_is_not_held),
		T(a_stored_spot_says_why_it_was_chosen),
		T(stored_cursors_say_whose_turn_it_is),
		T(every_stored_day_says_what_comes_after_it),
		T(an_edited_schedule_goes_on_with_what_is_still_in_it),
		T(damaged_logs_are_told_of_and_planned_anew),
		T(a_day_planned_elsewhere_is_the_one_planned_here),
		T(the_oldest_logs_are_forgotten_day_by_day),
		T(days_off_make_nobody_forget),
		T(a_clock_that_is_ahead_for_a_while_costs_but_the_oldest),
		T(a_clock_that_is_behind_for_a_while_costs_nothing),
		T(logs_of_days_that_never_came_go_once_the_days_go_on),
		T(a_clock_that_was_wrong_for_months_is_left_behind),
		T(logs_of_days_to_come_are_not_gone_on_from),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
