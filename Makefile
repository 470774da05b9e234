# Retrovue: make, make demo, make check, make install; see README.

CC ?= cc
CFLAGS ?= -O2 -g
BUILD ?= build
PKG_CONFIG ?= pkg-config
PYTHON ?= /usr/bin/python3

# Where things go; the programs know the last four, so give the same to `make'
# and to `make install'.
PREFIX ?= /usr/local
SBINDIR ?= $(PREFIX)/sbin
BINDIR ?= $(PREFIX)/bin
DATADIR ?= $(PREFIX)/share
MANDIR ?= $(DATADIR)/man
DOCDIR ?= $(DATADIR)/doc/retrovue
LIBEXECDIR ?= $(PREFIX)/libexec/retrovue
SYSCONFDIR ?= /etc
LOCALSTATEDIR ?= /var
RUNDIR ?= /run

WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla -Wformat=2 $(WERROR)
STD = -std=c11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64
# Each where the compiler has it.
has = $(shell echo 'int main(void) { return 0; }' | \
	$(CC) -O2 -Werror $(1) -x c -c -o /dev/null - 2>/dev/null && echo '$(1)')
# Measured for an optimising compiler, and not for the sanitizers: they look at
# the functions that this would replace.
OPTIMISED = $(filter-out -O0,$(filter -O%,$(CFLAGS)))
ifneq ($(and $(OPTIMISED),$(if $(SAN),,yes)),)
FORTIFY := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$(if $(call \
	has,-include stdio.h -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3),3,2)
endif
HARDEN := -fPIE $(FORTIFY) $(call has,-fstack-protector-strong) \
	$(call has,-fstack-clash-protection) $(call has,-fcf-protection) \
	$(call has,-mbranch-protection=standard)
# biTStream's headers are not ours to warn about.
ALL_CFLAGS = $(STD) $(WARN) $(HARDEN) -Isrc -I$(BUILD) -MMD -MP $(CFLAGS) $(SAN)
ALL_LDFLAGS = -pie -Wl,-z,relro,-z,now,-z,noexecstack $(LDFLAGS) $(SAN)

# llhttp: the system's library where it has one, else the source that Debian 12
# packages (node-llhttp), compiled here, strict.
ifeq ($(shell $(PKG_CONFIG) --exists libllhttp && echo yes),yes)
LLHTTP_CFLAGS = $(shell $(PKG_CONFIG) --cflags libllhttp)
LLHTTP_LIBS = $(shell $(PKG_CONFIG) --libs libllhttp)
LLHTTP_OBJS =
else
LLHTTP_CFLAGS = -isystem /usr/share/include/llhttp -DLLHTTP_STRICT_MODE=1
LLHTTP_LIBS =
LLHTTP_OBJS = $(patsubst %,$(BUILD)/llhttp/%.o,api http llhttp)
endif

CORE_SRC = $(wildcard src/base/*.c src/plan/*.c src/ts/*.c src/air/*.c)
MEDIA_SRC = $(wildcard src/media/*.c)
IO_SRC = $(wildcard src/io/*.c)
CTL_SRC = $(wildcard src/ctl_*.c) src/io/privs.c
EXEC_SRC = src/retrovue-exec.c $(wildcard src/exec_*.c) src/io/privs.c

obj = $(patsubst %.c,$(BUILD)/%.o,$(1))
CORE_OBJ = $(call obj,$(CORE_SRC))
MEDIA_OBJ = $(call obj,$(MEDIA_SRC))
IO_OBJ = $(call obj,$(IO_SRC))
CTL_OBJ = $(call obj,$(CTL_SRC))

# What the core may lean on, and what only the outer layers may: a unit test
# that needs -luv does not link.
CORE_LIBS = -lyaml
MEDIA_LIBS = -ljansson -lsqlite3 -lxml2 -lz
XML_CFLAGS := $(patsubst -I%,-isystem %,\
	$(shell $(PKG_CONFIG) --cflags libxml-2.0))
CTL_LIBS = -lcurl
IO_LIBS = -luv $(LLHTTP_LIBS) -lpthread

PROGRAMS = $(BUILD)/retrovued $(BUILD)/retrovuectl $(BUILD)/retrovue-exec

all: $(PROGRAMS)

$(BUILD)/libcore.a: $(CORE_OBJ)
	rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/retrovued: $(BUILD)/src/retrovued.o $(IO_OBJ) $(MEDIA_OBJ) \
    $(LLHTTP_OBJS) $(BUILD)/libcore.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(MEDIA_LIBS) $(IO_LIBS) $(CORE_LIBS)

$(BUILD)/retrovuectl: $(BUILD)/src/retrovuectl.o $(CTL_OBJ) $(MEDIA_OBJ) \
    $(BUILD)/libcore.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(CTL_LIBS) $(MEDIA_LIBS) $(CORE_LIBS)

$(BUILD)/retrovue-exec: $(call obj,$(EXEC_SRC))
	$(CC) $(ALL_LDFLAGS) -o $@ $^ -lseccomp

# Written where it would change, so that other paths make other programs; by
# each make under a name of its own, as tests call for one at the same time.
$(BUILD)/paths.h: FORCE
	@mkdir -p $(@D)
	@new=$@.$$$$; \
	printf '#define %s "%s"\n' LIBEXECDIR '$(LIBEXECDIR)' \
	    SYSCONFDIR '$(SYSCONFDIR)' LOCALSTATEDIR '$(LOCALSTATEDIR)' \
	    RUNDIR '$(RUNDIR)' >$$new; \
	if cmp -s $$new $@; then rm $$new; else mv $$new $@; fi
.PHONY: FORCE

$(BUILD)/src/media/nfo.o $(BUILD)/src/media/xmltv.o $(BUILD)/src/media/libs.o \
    $(BUILD)/fuzz/names: ALL_CFLAGS += $(XML_CFLAGS)

# The station's page is in the program, and in it hls.js, for browsers that do
# not play HLS by themselves.  `make' builds with the one that is there: PLAYER,
# an hls.light.min.js of one's own (packagers: it is Apache-2.0), else what
# `make player' has fetched before, by npm and the lock file in src/www.  Without
# any the page sends such browsers to other players.  Nothing is ever fetched
# but by `make player', which `make check' and `make demo' begin with and which
# may fail: without network, without npm.
PLAYER ?= $(wildcard player/node_modules/hls.js/dist/hls.light.min.js)

$(BUILD)/www/hls.js: FORCE
	@mkdir -p $(@D)
	@cat $(or $(PLAYER),/dev/null) >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$(BUILD)/src/io/www_files.o: $(wildcard src/www/*) $(BUILD)/www/hls.js
$(BUILD)/src/io/www_files.o: ALL_CFLAGS += -Wa,-Isrc/www -Wa,-I$(BUILD)/www

NPM = timeout 60 npm --prefix player --ignore-scripts --no-audit --no-fund

player:
	@mkdir -p $@
	@cp src/www/package.json src/www/package-lock.json $@
	@$(NPM) ls --silent >/dev/null 2>&1 || $(NPM) ci --silent || \
	    echo 'player: no hls.js; the page does without it' >&2

$(BUILD)/src/%.o: src/%.c | $(BUILD)/paths.h
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LLHTTP_CFLAGS) -c -o $@ $<

$(BUILD)/llhttp/%.o: /usr/share/llhttp/%.c
	@mkdir -p $(@D)
	$(CC) -std=gnu11 $(HARDEN) $(CFLAGS) $(SAN) $(LLHTTP_CFLAGS) -c -o $@ $<

# Unit tests: one program per file, linked against the core alone.
UNIT_SRC = $(wildcard tests/unit/test_*.c)
UNIT = $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(UNIT_SRC))

$(BUILD)/unit/%: tests/unit/%.c $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -Itests/unit -o $@ $< $(BUILD)/libcore.a $(LDFLAGS) \
	    -lcmocka $(CORE_LIBS)

unit: $(UNIT)
	@for t in $(UNIT); do echo "== $$t"; $$t || exit 1; done

# Tests of what blocks on disks and children, and of retrovuectl's parts.
MEDIA_TEST_SRC = $(wildcard tests/media/test_*.c)
MEDIA_TEST = $(patsubst tests/media/%.c,$(BUILD)/media/%,$(MEDIA_TEST_SRC))

# The journal needs no loop.
BLOCKING_OBJ = $(CTL_OBJ) $(MEDIA_OBJ) $(BUILD)/src/io/journal.o \
	$(BUILD)/src/io/logfile.o $(BUILD)/src/io/outfile.o

$(BUILD)/media/%: tests/media/%.c $(BLOCKING_OBJ) $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -Itests/media -o $@ $< $(BLOCKING_OBJ) \
	    $(BUILD)/libcore.a $(LDFLAGS) -lcmocka $(CTL_LIBS) $(MEDIA_LIBS) \
	    $(CORE_LIBS) -lpthread

media-test: $(MEDIA_TEST)
	@for t in $(MEDIA_TEST); do echo "== $$t"; $$t || exit 1; done

# The relay over real sockets, on a loop of its own.
RELAY_OBJ = $(call obj,$(addprefix src/io/,relay.c ringfile.c sender.c viewer.c \
	viewer_set.c))
IO_TEST_SRC = $(wildcard tests/io/test_*.c)
IO_TEST = $(patsubst tests/io/%.c,$(BUILD)/io/%,$(IO_TEST_SRC))

$(BUILD)/io/%: tests/io/%.c $(RELAY_OBJ) $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -Itests/io -o $@ $< $(RELAY_OBJ) \
	    $(BUILD)/libcore.a $(LDFLAGS) -lcmocka -luv -lpthread $(CORE_LIBS)

# The loader, which makes no real editions here: all that it calls is the
# test's own.
LOADER_OBJ = $(call obj,$(addprefix src/io/,loader.c loader_main.c))

$(BUILD)/io/test_loader: tests/io/test_loader.c $(LOADER_OBJ) \
    $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -o $@ $< $(LOADER_OBJ) $(BUILD)/libcore.a \
	    $(LDFLAGS) -lcmocka -luv -lpthread $(CORE_LIBS)

io-test: $(IO_TEST)
	@for t in $(IO_TEST); do echo "== $$t"; $$t || exit 1; done

# Fuzz targets: over their corpora in `make check', with a fuzzer by `make
# fuzz' (T=http for one of them, SECONDS=60 for each).
FUZZ_SRC = $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_NAMES = $(patsubst tests/fuzz/fuzz_%.c,%,$(FUZZ_SRC))
FUZZ = $(patsubst %,$(BUILD)/fuzz/%,$(FUZZ_NAMES))
FUZZ_DRIVER = tests/fuzz/replay.c
FUZZ_OBJ = $(IO_OBJ) $(MEDIA_OBJ) $(LLHTTP_OBJS)

$(BUILD)/fuzz/%: tests/fuzz/fuzz_%.c $(wildcard tests/fuzz/*.h) $(FUZZ_DRIVER) \
    $(FUZZ_OBJ) $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(CC) $(filter-out -MMD -MP,$(ALL_CFLAGS)) $(LLHTTP_CFLAGS) \
	    -Itests/fuzz -o $@ $< $(FUZZ_DRIVER) $(FUZZ_OBJ) \
	    $(BUILD)/libcore.a $(LDFLAGS) $(FUZZ_LIB) $(MEDIA_LIBS) \
	    $(IO_LIBS) $(CORE_LIBS)

fuzz-replay: $(FUZZ)
	@for t in $(FUZZ_NAMES); do \
		$(BUILD)/fuzz/$$t tests/fuzz/corpus/$$t || exit 1; \
	done

# FAST=yes: without AddressSanitizer, for the many executions that find a way
# in; with it what is found there shows.
ifeq ($(FAST),yes)
FUZZED = $(BUILD)/fuzzing-fast
FUZZ_CFLAGS = -O2 -g
FUZZ_SAN = -fsanitize=fuzzer-no-link,undefined -fno-sanitize-recover=undefined
else
FUZZED = $(BUILD)/fuzzing
FUZZ_CFLAGS = -O1 -g
FUZZ_SAN = -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=undefined
endif
T ?= $(FUZZ_NAMES)
SECONDS ?= 60

fuzz:
	$(TWO) CC=clang BUILD=$(FUZZED) CFLAGS='$(FUZZ_CFLAGS)' FUZZ_DRIVER= \
	    FUZZ_LIB=-fsanitize=fuzzer \
	    SAN='$(FUZZ_SAN)' \
	    $(patsubst %,$(FUZZED)/fuzz/%,$(T))
	@for t in $(T); do \
		mkdir -p $(FUZZED)/found/$$t; \
		dict=tests/fuzz/$$t.dict; \
		$(FUZZED)/fuzz/$$t -max_total_time=$(SECONDS) \
		    -print_final_stats=1 -timeout=10 -rss_limit_mb=2048 \
		    $$(test -e $$dict && echo -dict=$$dict) \
		    -artifact_prefix=$(FUZZED)/found/$$t- \
		    $(FUZZED)/found/$$t tests/fuzz/corpus/$$t || exit 1; \
	done

# The command line that a child gets, for end-to-end tests.
$(BUILD)/childargv: tests/support/childargv.c $(MEDIA_OBJ) $(BUILD)/libcore.a
	$(CC) $(ALL_CFLAGS) -o $@ $< $(MEDIA_OBJ) $(BUILD)/libcore.a \
	    $(LDFLAGS) $(MEDIA_LIBS) $(CORE_LIBS) -lpthread

# The doubles: a child that costs nothing, as ffmpeg and as ffprobe; and a
# day of air against a fake clock.
FAKE_SRC = tests/support/fakeffmpeg.c tests/support/fakechild.c
SIM_SRC = $(wildcard tests/sim/*.c) tests/support/fakechild.c
DOUBLE_CFLAGS = -Itests/support -Itests/sim

$(BUILD)/fake/ffmpeg: $(FAKE_SRC) tests/support/fakechild.h $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(CC) $(filter-out -MMD -MP,$(ALL_CFLAGS)) $(DOUBLE_CFLAGS) \
	    -o $@ $(FAKE_SRC) $(BUILD)/libcore.a $(LDFLAGS) $(CORE_LIBS)

$(BUILD)/fake/ffprobe: $(BUILD)/fake/ffmpeg
	ln -sf ffmpeg $@

$(BUILD)/fake/evil: tests/support/evil.c
	@mkdir -p $(@D)
	$(CC) $(filter-out -MMD -MP,$(ALL_CFLAGS)) -o $@ $< $(LDFLAGS)

# Without _FILE_OFFSET_BITS: it is what open64() is a name of.
$(BUILD)/fake/hang.so: tests/support/hang.c
	@mkdir -p $(@D)
	$(CC) -std=c11 -D_GNU_SOURCE $(WARN) -fPIC -shared -o $@ $<

fake: $(BUILD)/fake/ffmpeg $(BUILD)/fake/ffprobe $(BUILD)/fake/evil \
    $(BUILD)/fake/hang.so

$(BUILD)/sim: $(SIM_SRC) $(wildcard tests/sim/*.h) tests/support/fakechild.h \
    tests/support/samplelib.h \
    $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(CC) $(filter-out -MMD -MP,$(ALL_CFLAGS)) $(DOUBLE_CFLAGS) \
	    -o $@ $(SIM_SRC) $(BUILD)/libcore.a $(LDFLAGS) $(CORE_LIBS)

sim: $(BUILD)/sim
	$(BUILD)/sim $(if $(HOURS),-h $(HOURS)) $(if $(SEED),-s $(SEED))
	$(BUILD)/sim -e $(CURDIR)/etc/retrovued.yaml \
	    $(CURDIR)/etc/channels/[!_]*.yaml

# What it all costs, as a table and in build/bench; each of it alone too.
BENCHES = relay tune join plan channels

$(BUILD)/load: tests/bench/load.c
	@mkdir -p $(@D)
	$(CC) $(filter-out -MMD -MP,$(ALL_CFLAGS)) -o $@ $< $(LDFLAGS)

$(BUILD)/bench/bench_%: tests/bench/bench_%.c $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -o $@ $< $(BUILD)/libcore.a $(LDFLAGS) $(CORE_LIBS)

$(BUILD)/bench/bench_relay: tests/bench/bench_relay.c $(RELAY_OBJ) \
    $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -o $@ $< $(RELAY_OBJ) $(BUILD)/libcore.a \
	    $(LDFLAGS) -luv -lpthread

$(BUILD)/bench/bench_join: tests/bench/bench_join.c \
    tests/support/fakechild.c tests/support/fakechild.h $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(CC) $(filter-out -MMD -MP,$(ALL_CFLAGS)) $(DOUBLE_CFLAGS) -o $@ $< \
	    tests/support/fakechild.c $(BUILD)/libcore.a $(LDFLAGS) \
	    $(CORE_LIBS)

bench-programs: $(addprefix $(BUILD)/bench/bench_,relay join plan yaml)

bench $(addprefix bench-,$(BENCHES)): all fake $(BUILD)/load bench-programs
	$(PYTHON) tests/bench/bench.py $(patsubst bench-%,%,$(filter bench-%,$@))

# A month of plans, judged by who shares no code with the planner; of the
# channel files in CHANNELS, too.
month: all fake
	$(PYTHON) tests/bench/month.py $(if $(DAYS),-n $(DAYS)) $(CHANNELS)

# Channel files changed at random, by a seed: refused on the right line, or
# rightly accepted.
mutants: all
	$(PYTHON) tests/bench/mutants.py $(if $(N),-n $(N)) \
	    $(if $(SEED),-s $(SEED)) $(CHANNELS)

# What the daemon costs by itself, and over reloads.
measure: all fake $(BUILD)/load
	$(PYTHON) tests/bench/measure.py

# Ten thousand children through io/proc.c.
$(BUILD)/bench/cycles: tests/bench/cycles.c $(BUILD)/src/io/proc.o \
    $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -o $@ $< $(BUILD)/src/io/proc.o \
	    $(BUILD)/libcore.a $(LDFLAGS) -luv -lpthread $(CORE_LIBS)

cycles: $(BUILD)/bench/cycles $(BUILD)/retrovue-exec
	$(BUILD)/bench/cycles $(if $(N),-n $(N)) $(BUILD)/retrovue-exec

# Everything that can happen to a station, by a seed; and what each fault
# costs, in figures.
chaos: all fake
	$(PYTHON) tests/chaos/chaos.py $(if $(SEED),--seed $(SEED)) \
	    $(if $(MINUTES),--minutes $(MINUTES)) \
	    $(if $(CHANNELS),--channels $(CHANNELS)) $(if $(REAL),--real)

faults: all fake
	$(PYTHON) tests/bench/faults.py $(ROWS)

# What the system refuses, once: memory, a system call (SCENARIO=malloc, own or
# calls; N= runs of each, SEED=).
$(BUILD)/failmalloc.so: tests/support/failmalloc.c
	@mkdir -p $(@D)
	$(CC) $(filter-out -MMD -MP $(HARDEN),$(ALL_CFLAGS)) -fPIC \
	    -fno-optimize-sibling-calls -shared -o $@ $< -ldl

inject: all fake $(BUILD)/failmalloc.so
	$(PYTHON) tests/bench/inject.py $(if $(SCENARIO),--scenario $(SCENARIO)) \
	    $(if $(N),--n $(N)) $(if $(SEED),--seed $(SEED))

# Real children, killed.
kills: all
	$(PYTHON) tests/bench/kills.py $(KILLS)

# A disk that does not answer (as root, with bindfs).
stalled: all
	$(PYTHON) tests/bench/stalled.py $(STALLED)

# Crowds of slow, stuck, hostile and vanished clients beside healthy ones.
rows: all fake $(BUILD)/load
	$(PYTHON) tests/bench/rows.py $(ROWS)

# Who runs the demo as root, in a container say, has no user to become.
AS_ROOT = $(if $(filter 0,$(shell id -u)),-u root)

# A station to try: installs what is missing, builds, draws the films (once)
# and plays until Ctrl-C.
demo:
	tests/support/deps.sh demo
	$(MAKE) player
	$(TWO) all
	tests/support/demo.sh demo
	@echo
	@echo 'The page:  http://127.0.0.1:8080/'
	@echo 'Channel 1: http://127.0.0.1:8080/channel/1/stream.ts'
	@echo 'Channel 2: http://127.0.0.1:8080/channel/2/stream.ts'
	@echo 'Watch:     cvlc http://127.0.0.1:8080/channel/1/stream.ts'
	@echo '           mpv http://127.0.0.1:8080/channel/1/stream.ts'
	@echo 'Ask:       $(BUILD)/retrovuectl -c demo/retrovued.yaml status'
	@echo
	exec $(BUILD)/retrovued -f -c demo/retrovued.yaml $(AS_ROOT)

# Two jobs at a time, unless make was told how many.
TWO = $(MAKE) $(if $(findstring jobserver,$(MAKEFLAGS)),,-j2)
STRICT = $(TWO) WERROR=-Werror
# Without -Werror: gcc 12's sanitizers make warnings of their own (null format
# in vsnprintf); the same code has passed both compilers strictly before.
SANITIZE = $(TWO) BUILD=$(BUILD)/san CFLAGS='-O1 -g' \
	SAN='-fsanitize=address,undefined -fno-omit-frame-pointer \
	-fno-sanitize-recover=undefined'

# End-to-end tests wait more than they work: a file of them each, so many at
# once.
JOBS ?= 2

# Everything that must hold, the quickest to fail first.
check:
	tests/support/deps.sh check
	$(MAKE) player
	tests/support/layers.sh
	mandoc -T lint -W warning man/*.[158]
	$(STRICT) all bench-programs
	tests/support/layers.sh $(BUILD)/libcore.a
	tests/support/hardening.sh $(PROGRAMS)
	$(BUILD)/retrovuectl -c etc/retrovued.yaml validate
	BUILD=$(BUILD) tests/support/contrib.sh
	BUILD=$(BUILD) tests/support/completion.sh
	BUILD=$(BUILD) MAKE='$(STRICT)' tests/support/install.sh
	$(STRICT) all
	$(STRICT) CC=clang BUILD=$(BUILD)/clang all
	$(SANITIZE) unit media-test io-test fuzz-replay $(BUILD)/san/sim
	$(STRICT) fake $(BUILD)/childargv $(BUILD)/sim $(BUILD)/load \
	    $(BUILD)/bench/cycles $(BUILD)/failmalloc.so
	$(BUILD)/bench/cycles -n 1000 $(BUILD)/retrovue-exec
	$(BUILD)/san/sim -q
	$(BUILD)/san/sim -e $(CURDIR)/etc/retrovued.yaml \
	    $(CURDIR)/etc/channels/[!_]*.yaml
	$(PYTHON) -m pytest -q -m alone tests/e2e
	$(PYTHON) -m pytest -q -m 'not alone' -n $(JOBS) --dist loadfile \
	    tests/e2e

# What is installed, FROM:TO.  INIT=systemd (or sysvinit, openrc, runit, s6, or
# several of them) also puts the daemon among the system's services; the files
# of all of them go to the documentation.  Nothing goes to where the station's
# own files are.
tree = $(foreach f,$(shell find $(1) -type f | sort),$(f):$(2)/$(f:$(1)/%=%))

TO = $(BUILD)/retrovued:$(SBINDIR)/retrovued \
	$(BUILD)/retrovuectl:$(BINDIR)/retrovuectl \
	$(BUILD)/retrovue-exec:$(LIBEXECDIR)/retrovue-exec

TO_TEXT = $(foreach s,1 5 8,$(foreach m,$(wildcard man/*.$(s)),\
	    $(m):$(MANDIR)/man$(s)/$(notdir $(m)))) \
	README:$(DOCDIR)/README COPYING:$(DOCDIR)/COPYING \
	SECURITY.md:$(DOCDIR)/SECURITY.md \
	$(foreach f,$(wildcard $(dir $(PLAYER))../LICENSE),\
	    $(f):$(DOCDIR)/COPYING.hls.js) \
	$(call tree,etc,$(DOCDIR)/examples) \
	$(call tree,contrib,$(DOCDIR)/contrib) \
	$(foreach i,$(INIT),$(or $(INIT_$(i)),$(error INIT: no '$(i)'))) \
	$(COMPLETION)

# Where the shells look for it themselves.
COMPLETION = \
	contrib/completion/retrovuectl.bash:$(DATADIR)/bash-completion/completions/retrovuectl \
	contrib/completion/_retrovuectl:$(DATADIR)/zsh/site-functions/_retrovuectl \
	contrib/completion/retrovuectl.fish:$(DATADIR)/fish/vendor_completions.d/retrovuectl.fish

INIT_systemd = \
	contrib/systemd/retrovued.service:$(PREFIX)/lib/systemd/system/retrovued.service \
	contrib/systemd/sysusers.conf:$(PREFIX)/lib/sysusers.d/retrovue.conf \
	contrib/systemd/tmpfiles.conf:$(PREFIX)/lib/tmpfiles.d/retrovue.conf
INIT_sysvinit = contrib/sysvinit/retrovued:$(SYSCONFDIR)/init.d/retrovued
INIT_openrc = contrib/openrc/retrovued:$(SYSCONFDIR)/init.d/retrovued
INIT_runit = $(call tree,contrib/runit/retrovued,$(SYSCONFDIR)/sv/retrovued)
INIT_s6 = $(call tree,contrib/s6/retrovued,$(SYSCONFDIR)/s6/sv/retrovued)

# Texts are written for the defaults, so that they can be used as they stand;
# installed they name the paths that are.
HERE = sed -e 's|/usr/local/sbin|$(SBINDIR)|g' \
	-e 's|/usr/local/bin|$(BINDIR)|g' \
	-e 's|/usr/local/libexec/retrovue|$(LIBEXECDIR)|g' \
	-e 's|/usr/local/share/doc/retrovue|$(DOCDIR)|g' \
	-e 's|/usr/local/share/bash|$(DATADIR)/bash|g' \
	-e 's|/etc/\(default/\)*retrovue|$(SYSCONFDIR)/\1retrovue|g' \
	-e 's|/var/l\([io][bg]\)/retrovue|$(LOCALSTATEDIR)/l\1/retrovue|g' \
	-e 's|/run/retrovue|$(RUNDIR)/retrovue|g'

install: all
	@set -e; for t in $(TO); do \
		echo "$${t#*:}"; \
		install -D -m 755 "$${t%%:*}" "$(DESTDIR)$${t#*:}"; \
	done
	@set -e; for t in $(TO_TEXT); do \
		from=$${t%%:*}; to=$${t#*:}; mode=644; \
		if [ -x "$$from" ]; then mode=755; fi; \
		echo "$$to"; \
		$(HERE) "$$from" | \
		    install -D -m $$mode /dev/stdin "$(DESTDIR)$$to"; \
	done

# With the directories that are ours alone, where nothing else is in them.
uninstall:
	@for t in $(TO) $(TO_TEXT); do \
		rm -f "$(DESTDIR)$${t#*:}"; \
	done
	@for t in $(TO) $(TO_TEXT); do \
		dir=$$(dirname "$${t#*:}"); \
		while case $$dir in *retrovue*) true ;; *) false ;; esac && \
		    rmdir "$(DESTDIR)$$dir" 2>/dev/null; do \
			dir=$$(dirname "$$dir"); \
		done; \
	done

clean:
	rm -rf $(BUILD)

.PHONY: all unit media-test io-test fuzz-replay fuzz fake sim measure bench \
	bench-programs $(addprefix bench-,$(BENCHES)) month mutants cycles inject \
	chaos faults kills stalled rows demo player check install uninstall clean
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
