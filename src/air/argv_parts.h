/* argv_parts.h - the parts of a command line, private to air/argv*.c. */

#ifndef AIR_ARGV_PARTS_H
#define AIR_ARGV_PARTS_H

#include "air/argv.h"
#include "base/buf.h"

#define ARGV_REORDER	"2"	/* B pictures of a child: the grids' R */

struct argv_vec {
	char **v;
	size_t n, cap;
};

/* Add one argument, which becomes the vector's; each one up to NULL. */
void argv_take(struct argv_vec *a, char *s);
void argv_add(struct argv_vec *a, ...);

/* The whole second of the asset from which on it is decoded; 0: from its
 * start. */
int64_t argv_origin_s(const struct argv_child *c);

/* The stream whose sound airs, as ffmpeg counts; -1: there is none. */
int argv_audio_stream(const struct argv_child *c);

/* -vf and -af: from the asset's streams to house pictures and sound, cut.
 * The picture of an asset without one is a card with its title, drawn on
 * the plain picture of argv_card_source(). */
char *argv_video_filter(const struct argv_child *c);
char *argv_audio_filter(const struct argv_child *c);
char *argv_card_source(const struct format *f);
char *argv_card_filter(const struct argv_child *c);

/* ffmpeg's name of the channel layout. */
const char *argv_layout(const struct format *f);

/* How to encode and where to: the rest of the command line.  A key frame
 * wherever n + offset is a multiple of gop, reorder B pictures; caps may be
 * NULL. */
void argv_output_add(struct argv_vec *a, const struct argv_caps *caps,
    const struct format *f, int64_t gop, int64_t offset, const char *reorder);

/* Before all inputs. */
void argv_begin_add(struct argv_vec *a, const char *ffmpeg);

/* One lavfi input. */
void argv_lavfi_add(struct argv_vec *a, char *graph);

#endif
