#include "memfile.h"

#include <stdlib.h>

#include "base/arith.h"
#include "plan/station.h"

static struct station *st;

static void
load(const char *text)
{
	memfile_add("/srv/tv/retrovued.yaml", text);
	st = station_load("/srv/tv/retrovued.yaml", memfile_read, NULL,
	    &errs);
}

static int
teardown(void **state)
{
	station_free(st);
	st = NULL;
	return memfile_teardown(state);
}

static void
an_empty_file_is_a_station(void **state)
{
	(void)state;
	load("");
	assert_non_null(st);
	assert_string_equal(st->dir, "/srv/tv");
	assert_string_equal(st->name, "Retrovue");
	assert_null(st->timezone);
	assert_int_equal(st->since_days, 19723);
	assert_true(st->patience_ns == 5 * NS_PER_S);
	assert_true(st->rescan_ns == 3600 * NS_PER_S);
	assert_true(st->measure);
	assert_int_equal(st->guide_days, 7);
	assert_int_equal(st->nlistens, 2);
	assert_string_equal(st->listens[0].host, "127.0.0.1");
	assert_string_equal(st->listens[1].host, "::1");
	assert_int_equal(st->listens[1].port, 8080);
	assert_string_equal(st->control_socket, "/run/retrovue/control.sock");
	assert_int_equal(st->control_mode, 0660);
	assert_true(st->relay.backlog_ns == 5 * NS_PER_S);
	assert_true(st->relay.ring_ns == 66 * NS_PER_S);
	assert_int_equal(st->relay.coalesce_ms, 100);
	assert_true(st->relay.sendfile);
	assert_null(st->control_group);
	assert_string_equal(st->log_level, "info");
	assert_string_equal(st->state_dir, "/var/lib/retrovue");
	assert_string_equal(st->log_dir, "/var/log/retrovue");
	assert_string_equal(st->asrun_dir, "/var/log/retrovue/asrun");
	assert_int_equal(st->nlibraries, 0);
	assert_string_equal(st->channels_dir, "/srv/tv/channels");
	assert_int_equal(st->nchannel_files, 0);
	assert_null(st->user);
	assert_string_equal(st->ffmpeg.ffmpeg, "ffmpeg");
	assert_string_equal(st->ffmpeg.ffprobe, "ffprobe");
	assert_string_equal(st->ffmpeg.preset, "veryfast");
	assert_int_equal(st->ffmpeg.threads, 0);
	assert_int_equal(st->ffmpeg.nice, 5);
	assert_int_equal(st->ffmpeg.sandbox, SANDBOX_ON);
	assert_null(st->ffmpeg.user);
	assert_int_equal(st->ffmpeg.nread, 0);
	assert_int_equal(st->ffmpeg.nenv, 0);
}

static void
children_are_started_as_the_station_says(void **state)
{
	(void)state;
	load("station: {user: tv}\n"
	    "ffmpeg: {ffmpeg: /opt/f/bin/ffmpeg, ffprobe: bin/ffprobe, "
	    "preset: slow, threads: 4, nice: 0, sandbox: off, user: kid, "
	    "read: [/opt/f, fonts], env: LD_LIBRARY_PATH}\n");
	assert_non_null(st);
	assert_string_equal(st->user, "tv");
	assert_string_equal(st->ffmpeg.ffmpeg, "/opt/f/bin/ffmpeg");
	assert_string_equal(st->ffmpeg.ffprobe, "/srv/tv/bin/ffprobe");
	assert_string_equal(st->ffmpeg.preset, "slow");
	assert_int_equal(st->ffmpeg.threads, 4);
	assert_int_equal(st->ffmpeg.nice, 0);
	assert_int_equal(st->ffmpeg.sandbox, SANDBOX_OFF);
	assert_string_equal(st->ffmpeg.user, "kid");
	assert_int_equal(st->ffmpeg.nread, 2);
	assert_string_equal(st->ffmpeg.read[0], "/opt/f");
	assert_string_equal(st->ffmpeg.read[1], "/srv/tv/fonts");
	assert_int_equal(st->ffmpeg.nenv, 1);
	assert_string_equal(st->ffmpeg.env[0], "LD_LIBRARY_PATH");
}

static void
what_no_child_can_be_told_is_refused(void **state)
{
	(void)state;
	load("ffmpeg: {preset: warp, threads: -1, nice: 20, sandbox: maybe,\n"
	    " env: [A=b, 1A, ''], path: x}\n");
	assert_null(st);
	assert_fault_has(":1:18: unknown preset 'warp'");
	assert_fault_has(":1:33: threads must be");
	assert_fault_has(":1:43: nice must be");
	assert_fault_has(":1:56: unknown sandbox 'maybe'");
	assert_fault_has(":2:17: env must be a list of texts");
	assert_fault_has(":2:22: unknown key 'path'");
}

static void
a_guide_of_less_than_three_days_is_refused(void **state)
{
	(void)state;
	load("guide: {days: 2}\n");
	assert_null(st);
	assert_fault_has(":1:15: days must be a whole number from 3 to 14");
}

static void
a_variables_name_is_one(void **state)
{
	(void)state;
	load("ffmpeg: {env: [A=b, 1A, _B1]}\n");
	assert_null(st);
	assert_int_equal(errs.faults, 2);
	assert_fault_has(":1:16: env must be the name of a variable, not "
	    "'A=b'");
}

static void
the_relay_is_as_the_station_says(void **state)
{
	(void)state;
	load("relay: {backlog: 10s, ring_s: 600, coalesce_ms: 0, "
	    "sendfile: no}\n");
	assert_non_null(st);
	assert_true(st->relay.backlog_ns == 10 * NS_PER_S);
	assert_true(st->relay.ring_ns == 600 * NS_PER_S);
	assert_int_equal(st->relay.coalesce_ms, 0);
	assert_false(st->relay.sendfile);
}

/* More threads would be faster at nothing: see relay.h. */
static void
what_the_relay_cannot_be_is_refused(void **state)
{
	(void)state;
	load("relay: {backlog: 11s, ring_s: 65, coalesce_ms: 1001,\n"
	    " sendfile: perhaps, threads: 2}\n");
	assert_null(st);
	assert_fault_has(":1:18: backlog must be");
	assert_fault_has(":1:31: ring_s must be a whole number from 66 to 600");
	assert_fault_has(":1:48: coalesce_ms must be a whole number from 0 to 1000");
	assert_fault_has(":2:12: sendfile must be");
	assert_fault_has(":2:21: unknown key 'threads'");
}

static void
a_first_station_is_read(void **state)
{
	(void)state;
	load("station: {name: Retro TV, timezone: America/New_York, "
	    "since: 2025-06-01, patience: 1m, measure: no,\n"
	    "  rescan: 10m}\n"
	    "http: {listen: [\"127.0.0.1:8080\"]}\n"
	    "control: {socket: run/control.sock}\n"
	    "paths: {state: state, log: log, asrun: log/asrun}\n"
	    "libraries:\n"
	    "  - {path: media/shows, type: episode}\n"
	    "  - {path: /media/./spots/, type: commercial, tags: [a, b]}\n"
	    "channels: channels\n"
	    "guide: {days: 3}\n");
	assert_non_null(st);
	assert_int_equal(st->guide_days, 3);
	assert_string_equal(st->timezone, "America/New_York");
	assert_int_equal(st->since_days, 20240);
	assert_true(st->patience_ns == 60 * NS_PER_S);
	assert_true(st->rescan_ns == 600 * NS_PER_S);
	assert_false(st->measure);
	assert_int_equal(st->nlistens, 1);
	assert_string_equal(st->control_socket, "/srv/tv/run/control.sock");
	assert_string_equal(st->asrun_dir, "/srv/tv/log/asrun");
	assert_int_equal(st->nlibraries, 2);
	assert_string_equal(st->libraries[0].path, "/srv/tv/media/shows");
	assert_string_equal(st->libraries[1].path, "/media/spots");
	assert_int_equal(st->libraries[1].type, ASSET_commercial);
	assert_int_equal(st->libraries[0].tags.n, 0);
	assert_int_equal(st->libraries[1].tags.n, 2);
	assert_string_equal(st->libraries[1].tags.v[1], "b");
}

static void
channels_can_be_a_list_of_files(void **state)
{
	(void)state;
	load("channels: [a.yaml, /x/b.yaml]\n");
	assert_null(st->channels_dir);
	assert_int_equal(st->nchannel_files, 2);
	assert_string_equal(st->channel_files[0], "/srv/tv/a.yaml");
	assert_string_equal(st->channel_files[1], "/x/b.yaml");
}

static void
what_is_logged_is_as_the_station_says(void **state)
{
	(void)state;
	load("log: {level: warn}\n");
	assert_non_null(st);
	assert_string_equal(st->log_level, "warn");
}

static void
a_level_that_no_log_has_is_refused(void **state)
{
	(void)state;
	load("log: {level: warm, file: x}\n");
	assert_null(st);
	assert_fault_has(":1:14: unknown level 'warm'; did you mean 'warn'?");
	assert_fault_has(":1:20: unknown key 'file'");
}

static void
as_run_logs_go_with_the_logs(void **state)
{
	(void)state;
	load("paths: {log: log}\n");
	assert_string_equal(st->asrun_dir, "/srv/tv/log/asrun");
}

static void
one_address_needs_no_list(void **state)
{
	(void)state;
	load("http: {listen: \"[::]:0\"}\n");
	assert_int_equal(st->nlistens, 1);
	assert_string_equal(st->listens[0].host, "::");
	assert_int_equal(st->listens[0].port, 0);
}

static void
an_address_is_numeric_and_has_a_port(void **state)
{
	static const char *const bad[] = {
		"localhost:80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
		"::1:80", "[::1]", "[::1:80", "[127.0.0.1]:80", ":80", "[]:80",
		"[:80", "1.2.3:80", "127.0.0.1:-1", "127.0.0.1:+1",
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		char text[64];

		memfile_setup(state);
		snprintf(text, sizeof text, "http: {listen: '%s'}\n", bad[i]);
		load(text);
		assert_null(st);
		assert_int_equal(errs.faults, 1);
		assert_fault_has(":1:16: listen must be ADDRESS:PORT");
		memfile_teardown(state);
	}
}

static void
an_address_listed_twice_is_refused(void **state)
{
	(void)state;
	load("http: {listen: ['127.0.0.1:0', '127.0.0.1:0', '[::1]:80', "
	    "'[::1]:80']}\n");
	assert_faults("/srv/tv/retrovued.yaml:1:59: '[::1]:80' is listed "
	    "twice\n");
}

static void
assert_base_path(const char *want)
{
	struct buf out = { 0 };

	station_base_path(st, &out);
	assert_string_equal(buf_str(&out), want);
	buf_fini(&out);
}

static void
assert_base_url(const char *host, const char *want)
{
	struct buf out = { 0 };

	station_base_url(st, host, &out);
	assert_string_equal(buf_str(&out), want);
	buf_fini(&out);
}

static void
urls_begin_with_what_is_configured(void **state)
{
	(void)state;
	load("http: {base_url: 'https://tv.example/retro//'}\n");
	assert_non_null(st);
	assert_string_equal(st->base_url, "https://tv.example/retro");
	assert_base_url("10.0.0.1:8080", "https://tv.example/retro");
	assert_base_path("/retro");
}

static void
urls_begin_with_the_host_that_was_asked(void **state)
{
	(void)state;
	load("http: {listen: '[::1]:81'}\n");
	assert_base_url("tv:8080", "http://tv:8080");
	assert_base_path("");
	assert_base_url("[fe80::1]", "http://[fe80::1]");
	assert_base_url("", "http://[::1]:81");
	assert_base_url("a\"b", "http://[::1]:81");
	assert_base_url("a<b", "http://[::1]:81");
	assert_base_url("a/b", "http://[::1]:81");
	station_free(st);
	st = NULL;
	memfile_teardown(state);
	memfile_setup(state);
	load("");
	assert_base_url("", "http://127.0.0.1:8080");
}

static void
paths_begin_with_the_token(void **state)
{
	(void)state;
	load("http: {base_url: 'https://tv.example/retro', "
	    "token: long-secret}\n");
	assert_base_path("/retro/long-secret");
}

static void
a_base_url_is_one(void **state)
{
	static const char *const bad[] = { "tv.example", "ftp://tv", "http://",
		"http:///x", "http://:80", "http://tv/?a", "http://t v",
		"http://tv/#a", "http://tv\"" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		char text[64];

		memfile_teardown(state);
		memfile_setup(state);
		snprintf(text, sizeof text, "http: {base_url: '%s'}\n",
		    bad[i]);
		load(text);
		assert_null(st);
		assert_fault_has(":1:18: base_url must be a URL");
	}
}

static void
tuners_are_as_the_station_says(void **state)
{
	(void)state;
	load("hdhomerun: {enabled: no, tuners: 3, device_id: 1038A145, "
	    "ssdp: off, discovery: on}\n");
	assert_non_null(st);
	assert_false(st->hdhr.enabled);
	assert_int_equal(station_tuners(st, 9), 3);
	assert_int_equal(st->hdhr.device_id, 0x1038a145);
	assert_int_equal(st->hdhr.ssdp, ANNOUNCE_OFF);
	assert_int_equal(st->hdhr.discovery, ANNOUNCE_ON);
	assert_false(station_announces(st, st->hdhr.discovery));
}

static void
there_are_as_many_tuners_as_channels(void **state)
{
	(void)state;
	load("");
	assert_true(st->hdhr.enabled);
	assert_int_equal(st->hdhr.device_id, 0);
	assert_int_equal(station_tuners(st, 9), 9);
	assert_int_equal(station_tuners(st, 300), 255);
}

static void
assert_announced(const char *listen, bool open)
{
	char text[128];

	nmemfiles = 0;
	station_free(st);
	snprintf(text, sizeof text, "http: {listen: ['127.0.0.2:80', "
	    "'%s']}\n", listen);
	load(text);
	assert_non_null(st);
	assert_int_equal(station_announces(st, ANNOUNCE_AUTO), open);
	assert_true(station_announces(st, ANNOUNCE_ON));
	assert_false(station_announces(st, ANNOUNCE_OFF));
	assert_int_equal(station_is_open(st), open);
	assert_string_equal(station_search_host(st), open ? "0.0.0.0" :
	    "127.0.0.2");
}

static void
only_a_station_that_others_reach_is_announced(void **state)
{
	(void)state;
	assert_announced("[::1]:80", false);
	assert_announced("0.0.0.0:80", true);
	assert_announced("10.0.0.1:80", true);
	assert_announced("[::]:80", false);
}

/* NULL: it is not reached there. */
static void
assert_reached(const char *local, const char *url)
{
	struct buf out = { 0 };

	assert_int_equal(station_base_url_at(st, local, &out), url != NULL);
	assert_string_equal(buf_str(&out), url != NULL ? url : "");
	buf_fini(&out);
}

static void
who_finds_a_station_is_told_an_address_where_it_listens(void **state)
{
	(void)state;
	load("http: {listen: ['[::]:79', '10.0.0.1:80', '127.0.0.1:81']}\n");
	assert_reached("10.0.0.1", "http://10.0.0.1:80");
	assert_reached("127.0.0.1", "http://10.0.0.1:80");
	assert_reached("10.0.0.2", NULL);
	assert_reached("::1", NULL);
}

static void
a_secret_is_not_announced(void **state)
{
	(void)state;
	load("http: {listen: '0.0.0.0:80', token: 0123456789}\n");
	assert_non_null(st);
	assert_false(station_announces(st, ANNOUNCE_AUTO));
	assert_true(station_announces(st, ANNOUNCE_ON));
	assert_reached("10.0.0.1", "http://10.0.0.1:80/0123456789");
}

static void
one_that_listens_everywhere_is_reached_everywhere(void **state)
{
	(void)state;
	load("http: {listen: '0.0.0.0:80'}\n");
	assert_reached("10.0.0.2", "http://10.0.0.2:80");
	assert_reached("127.0.0.1", "http://127.0.0.1:80");
}

static void
one_behind_a_proxy_is_reached_there(void **state)
{
	(void)state;
	load("http: {listen: '10.0.0.1:80', base_url: 'http://tv'}\n");
	assert_reached("10.0.0.1", "http://tv");
	assert_reached("10.0.0.2", NULL);
}

static void
what_no_tuner_can_be_is_refused(void **state)
{
	(void)state;
	load("hdhomerun: {enabled: maybe, tuners: 0, device_id: 1038A146,\n"
	    " ssdp: auto, discover: on}\n");
	assert_null(st);
	assert_int_equal(errs.faults, 5);
	assert_fault_has(":1:22: enabled must be");
	assert_fault_has(":1:37: tuners must be");
	assert_fault_has(":1:51: device_id must be 8 hex digits");
	assert_fault_has(":2:8: ssdp must be");
	assert_fault_has(":2:14: unknown key 'discover'; did you mean "
	    "'discovery'?");
}

static void
a_socket_path_fits_its_address(void **state)
{
	char text[160] = "control: {socket: /";

	(void)state;
	memset(text + strlen(text), 'x', 107);
	text[19 + 107] = '}';
	load(text);
	assert_null(st);
	assert_fault_has(":1:19: the control socket's path '/xxx");
}

static void
the_socket_s_mode_is_octal(void **state)
{
	static const char *const bad[] = { "8", "66", "0888", "1777", "rw",
		"-660", "06600", "''" };

	(void)state;
	load("control: {mode: 0600, group: staff}\n");
	assert_non_null(st);
	assert_int_equal(st->control_mode, 0600);
	assert_string_equal(st->control_group, "staff");
	station_free(st);
	st = NULL;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		char text[64];

		memfile_teardown(state);
		memfile_setup(state);
		snprintf(text, sizeof text, "control: {mode: %s}\n", bad[i]);
		load(text);
		assert_null(st);
		assert_fault_has(":1:17: ");
	}
}

static void
every_fault_is_found_in_one_pass(void **state)
{
	(void)state;
	load("station: {nmae: x, timezone: ../etc, since: yesterday}\n"
	    "http: {listen: nowhere, tokens: x}\n"
	    "libraries:\n"
	    "  - {path: a, type: comercial}\n"
	    "  - {type: episode}\n"
	    "  - shows\n"
	    "chanels: x\n");
	assert_null(st);
	assert_int_equal(errs.faults, 9);
	assert_fault_has(":1:11: unknown key 'nmae'; did you mean 'name'?");
	assert_fault_has(":1:30: timezone must be");
	assert_fault_has(":1:45: since must be a date");
	assert_fault_has(":2:16: listen must be");
	assert_fault_has(":2:25: unknown key 'tokens'");
	assert_fault_has(":4:21: unknown type 'comercial'; did you mean "
	    "'commercial'?");
	assert_fault_has(":5:5: 'path' is missing");
	assert_fault_has(":6:5: a library must be a map");
	assert_fault_has(":7:1: unknown key 'chanels'; did you mean "
	    "'channels'?");
}

static void
a_directory_is_one_library(void **state)
{
	(void)state;
	load("libraries:\n"
	    "  - {path: a}\n"
	    "  - {path: a/b}\n"
	    "  - {type: bumper, path: ./a}\n");
	assert_null(st);
	assert_int_equal(errs.faults, 1);
	assert_fault_has(":4:26: './a' is a library already: a directory has "
	    "one type");
}

static void
a_fault_of_the_tree_does_not_hide_others(void **state)
{
	(void)state;
	load("paths: {}\npaths: {}\nfoo: 1\n");
	assert_null(st);
	assert_fault_has(":2:1: duplicate key 'paths'");
	assert_fault_has(":3:1: unknown key 'foo'");
}

static void
a_station_is_a_map(void **state)
{
	(void)state;
	load("- a\n");
	assert_null(st);
	assert_faults("/srv/tv/retrovued.yaml:1:1: a station file must be a "
	    "map of keys\n");
}

static void
check_resolve(const char *dir, const char *path, const char *want)
{
	char *got = path_resolve(dir, path);

	assert_string_equal(got, want);
	free(got);
}

static void
a_path_is_made_absolute_and_clean(void **state)
{
	(void)state;
	check_resolve("/srv/tv", "a/b", "/srv/tv/a/b");
	check_resolve("/srv/tv", "/a/b", "/a/b");
	check_resolve("/srv//tv/", "./a/.//b/.", "/srv/tv/a/b");
	check_resolve("/", "a", "/a");
	check_resolve("/", ".", "/");
	check_resolve("/srv", "../a", "/srv/../a");
	check_resolve("/srv", ".a/..b", "/srv/.a/..b");
	check_resolve("rel", "a", "rel/a");
}

#undef TEST
#define TEST(name)							\
	cmocka_unit_test_setup_teardown(name, memfile_setup, teardown)

/* The socket of a file with that text; NULL: a fault. */
static void
assert_socket(const char *text, const char *path)
{
	char *socket;

	nmemfiles = 0;
	errs_fini(&errs);
	memfile_add("/srv/tv/retrovued.yaml", text);
	socket = station_load_socket("/srv/tv/retrovued.yaml", memfile_read,
	    NULL, &errs);
	if (path == NULL) {
		assert_null(socket);
		assert_true(errs.faults > 0);
	} else {
		assert_non_null(socket);
		assert_string_equal(socket, path);
	}
	free(socket);
}

static void
the_socket_is_told_whatever_else_is_at_fault(void **state)
{
	(void)state;
	assert_socket("", "/run/retrovue/control.sock");
	assert_socket("control: {socket: c.sock}\nhttp: {listen: nowhere}\n"
	    "libraries: 7\nsideways: 1\n", "/srv/tv/c.sock");
	assert_socket("control: {socket: c.sock, mode: 9, group: [], x: 1}\n"
	    "http: 1\nhttp: 2\n", "/srv/tv/c.sock");
}

static void
a_socket_that_cannot_be_told_is_not_guessed(void **state)
{
	(void)state;
	assert_socket("control: [c.sock]\n", NULL);
	assert_socket("control: {socket: [c.sock]}\n", NULL);
	assert_socket("- control\n", NULL);
	assert_socket("control: {socket: c.sock\n", NULL);
}

/* What of a file is not had from a daemon that was started with another. */
static void
assert_start_keys(const char *before, const char *now, const char *keys)
{
	struct station *started;
	struct buf b = { 0 };
	size_t n = 0;

	load(before);
	started = st;
	assert_non_null(started);
	memfile_add("/srv/tv/changed.yaml", now);
	st = station_load("/srv/tv/changed.yaml", memfile_read, NULL, &errs);
	assert_non_null(st);
	for (const char *p = keys; *p != '\0'; p++)
		n += p == keys || *p == ',';
	assert_int_equal(station_start_keys(st, st, &b), 0);
	assert_int_equal(station_start_keys(started, st, &b), n);
	assert_string_equal(buf_str(&b), keys);
	buf_fini(&b);
	station_start_keep(started, st);
	assert_int_equal(st->nlistens, started->nlistens);
	for (size_t i = 0; i < st->nlistens; i++) {
		assert_string_equal(st->listens[i].host,
		    started->listens[i].host);
		assert_int_equal(st->listens[i].port,
		    started->listens[i].port);
	}
	assert_string_equal(st->state_dir, started->state_dir);
	station_free(started);
}

static void
what_only_a_start_changes_is_named(void **state)
{
	(void)state;
	assert_start_keys("", "station: {name: Tv, timezone: UTC, "
	    "since: 2025-01-01, patience: 1s, rescan: 0, user: tv}\n"
	    "http: {listen: '127.0.0.1:9', base_url: 'http://tv', "
	    "allow: 10.0.0.0/8, limits: {viewers: 5}}\n"
	    "control: {socket: c, mode: 0600, group: tv}\n"
	    "paths: {state: s, log: l, asrun: a}\n"
	    "hdhomerun: {enabled: no, device_id: 1038A145, ssdp: off}\n"
	    "guide: {days: 3}\nlog: {level: debug}\nrelay: {backlog: 1s}\n"
	    "ffmpeg: {ffmpeg: /f, ffprobe: /p, preset: fast, threads: 1, "
	    "nice: 1, sandbox: off, user: kid, read: /r, env: E, "
	    "spawns: 3}\n",
	    "station.name (in the streams), station.user, http.listen, "
	    "control.socket, control.mode, control.group, paths.state, "
	    "paths.log, paths.asrun, hdhomerun.device_id, ffmpeg.ffmpeg, "
	    "ffmpeg.ffprobe, ffmpeg.nice, ffmpeg.sandbox, ffmpeg.user, "
	    "ffmpeg.read, ffmpeg.env");
	assert_int_equal(st->gate.limits.viewers, 5);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(an_empty_file_is_a_station),
		TEST(children_are_started_as_the_station_says),
		TEST(what_no_child_can_be_told_is_refused),
		TEST(a_guide_of_less_than_three_days_is_refused),
		TEST(a_variables_name_is_one),
		TEST(the_relay_is_as_the_station_says),
		TEST(what_the_relay_cannot_be_is_refused),
		TEST(a_first_station_is_read),
		TEST(channels_can_be_a_list_of_files),
		TEST(what_is_logged_is_as_the_station_says),
		TEST(a_level_that_no_log_has_is_refused),
		TEST(as_run_logs_go_with_the_logs),
		TEST(one_address_needs_no_list),
		TEST(an_address_is_numeric_and_has_a_port),
		TEST(an_address_listed_twice_is_refused),
		TEST(urls_begin_with_what_is_configured),
		TEST(urls_begin_with_the_host_that_was_asked),
		TEST(paths_begin_with_the_token),
		TEST(a_base_url_is_one),
		TEST(tuners_are_as_the_station_says),
		TEST(there_are_as_many_tuners_as_channels),
		TEST(only_a_station_that_others_reach_is_announced),
		TEST(who_finds_a_station_is_told_an_address_where_it_listens),
		TEST(a_secret_is_not_announced),
		TEST(one_that_listens_everywhere_is_reached_everywhere),
		TEST(one_behind_a_proxy_is_reached_there),
		TEST(what_no_tuner_can_be_is_refused),
		TEST(a_socket_path_fits_its_address),
		TEST(the_socket_s_mode_is_octal),
		TEST(every_fault_is_found_in_one_pass),
		TEST(a_directory_is_one_library),
		TEST(a_fault_of_the_tree_does_not_hide_others),
		TEST(a_station_is_a_map),
		TEST(a_path_is_made_absolute_and_clean),
		TEST(the_socket_is_told_whatever_else_is_at_fault),
		TEST(a_socket_that_cannot_be_told_is_not_guessed),
		TEST(what_only_a_start_changes_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
