# Retrovue: make, make demo, make check, make install; see README.

CC ?= cc
CFLAGS ?= -O2 -g
PREFIX ?= /usr/local
BUILD ?= build
PKG_CONFIG ?= pkg-config
PYTHON ?= /usr/bin/python3

WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla -Wformat=2 $(WERROR)
STD = -std=c11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64
HARDEN = -fstack-protector-strong -fPIE
# biTStream's headers are not ours to warn about.
ALL_CFLAGS = $(STD) $(WARN) $(HARDEN) -Isrc -MMD -MP $(CFLAGS) $(SAN)
ALL_LDFLAGS = -pie -Wl,-z,relro,-z,now $(LDFLAGS) $(SAN)

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

obj = $(patsubst %.c,$(BUILD)/%.o,$(1))
CORE_OBJ = $(call obj,$(CORE_SRC))
MEDIA_OBJ = $(call obj,$(MEDIA_SRC))
IO_OBJ = $(call obj,$(IO_SRC))

# What the core may lean on, and what only the outer layers may: a unit test
# that needs -luv does not link.
CORE_LIBS = -lyaml
MEDIA_LIBS = -ljansson
IO_LIBS = -luv $(LLHTTP_LIBS) -lpthread

PROGRAMS = $(BUILD)/retrovued $(BUILD)/retrovuectl

all: $(PROGRAMS)

$(BUILD)/libcore.a: $(CORE_OBJ)
	rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/retrovued: $(BUILD)/src/retrovued.o $(IO_OBJ) $(MEDIA_OBJ) \
    $(LLHTTP_OBJS) $(BUILD)/libcore.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(MEDIA_LIBS) $(IO_LIBS) $(CORE_LIBS)

$(BUILD)/retrovuectl: $(BUILD)/src/retrovuectl.o $(MEDIA_OBJ) \
    $(BUILD)/libcore.a
	$(CC) $(ALL_LDFLAGS) -o $@ $^ $(MEDIA_LIBS) $(CORE_LIBS)

$(BUILD)/src/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LLHTTP_CFLAGS) -c -o $@ $<

$(BUILD)/llhttp/%.o: /usr/share/llhttp/%.c
	@mkdir -p $(@D)
	$(CC) -std=gnu11 -O2 -fPIE $(LLHTTP_CFLAGS) -c -o $@ $<

# Unit tests: one program per file, linked against the core alone.
UNIT_SRC = $(wildcard tests/unit/test_*.c)
UNIT = $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(UNIT_SRC))

$(BUILD)/unit/%: tests/unit/%.c $(BUILD)/libcore.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -Itests/unit -o $@ $< $(BUILD)/libcore.a $(LDFLAGS) \
	    -lcmocka $(CORE_LIBS)

unit: $(UNIT)
	@for t in $(UNIT); do echo "== $$t"; $$t || exit 1; done

clean:
	rm -rf $(BUILD)

.PHONY: all unit clean
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
