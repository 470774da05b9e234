/* What goes out in a slot: a child's picture and sound, or pad, slate or text
 * with silence. */

#include "air/channel_child.h"

#include <stdlib.h>

#include "air/slate_text.h"
#include "base/xmem.h"
#include "ts/idr.h"

/* The picture, or a copy of it in *copy: two key frames in a row, as where a
 * stretch ends on the grid, must not have the same name. */
static const struct au *
key_distinct(struct channel *c, const struct au *picture, struct au **copy)
{
	int64_t last = c->idr;

	*copy = NULL;
	c->idr = picture->key ? idr_id(picture->data, picture->len) : -1;
	if (c->idr < 0 || c->idr != last ||
	    (*copy = idr_renamed(picture)) == NULL)
		return picture;
	c->idr = idr_id((*copy)->data, (*copy)->len);
	return *copy;
}

/* The last n bytes are for later. */
static void
hold_back(struct channel *c, size_t n, struct channel_out *o)
{
	o->bytes.len -= n;
	buf_add(&c->half, o->bytes.data + o->bytes.len, n);
}

void
channel_put_half(struct channel *c, struct channel_out *o)
{
	buf_add(&o->bytes, c->half.data, c->half.len);
	buf_reset(&c->half);
}

static void
slot_put(struct channel *c, int64_t n, const struct au *picture,
    struct au *const *audio, size_t naudio, struct channel_out *o)
{
	const struct au *sound[JOIN_AUDIO_MAX];
	struct au *copy;
	int64_t want = grid_audio(&c->grid, n + 1) - grid_audio(&c->grid, n);

	/* No place on the audio grid stays empty. */
	for (size_t i = 0; i < (size_t)want && i < JOIN_AUDIO_MAX; i++)
		sound[i] = i < naudio && audio[i] != NULL ? audio[i] :
		    pad_silence(c->pad);
	if (picture->key) {
		xgrow(&o->marks, &o->cap_marks, o->nmarks + 1,
		    sizeof o->marks[0]);
		o->marks[o->nmarks++] = (struct channel_mark){
			.offset = o->bytes.len,
			.slot = n,
			.first = n == c->cold_slot,
		};
	}
	channel_say(c, n);
	hold_back(c, mux_slot(c->mux, n, key_distinct(c, picture, &copy),
	    sound, (size_t)want, &o->bytes), o);
	free(copy);
}

void
channel_put_kid(struct channel *c, struct kid *k, int64_t n, int64_t now,
    struct channel_out *o)
{
	struct au *picture, *audio[JOIN_AUDIO_MAX];
	size_t count = join_take(k->join, n, &picture, audio);

	if (k->trial)
		retry_forget(&c->retry, k->retry);
	k->trial = false;
	if (k->filler && (c->faltering || !c->standing_in))
		channel_note(c, o, EVENT_FILLER, n, now);
	else if (!k->filler && (c->faltering || c->standing_in))
		channel_note(c, o, EVENT_REJOINED, n, now);
	c->faltering = false;
	c->standing_in = k->filler;
	c->pad_start = SLOT_NONE;
	k->late = false;
	if (++k->aired == kids_seconds(c, 1))
		c->useless = 0;
	k->last = n;
	c->airing = k->id;
	c->from.filler += k->filler;
	c->from.asset += !k->filler;
	slot_put(c, n, picture, audio, count, o);
	for (size_t i = 0; i < count; i++)
		free(audio[i]);
	free(picture);
}

/* Slot n is pad's, the slate's or the text's: the stretch of it goes on, or
 * begins here. */
static int64_t
stretch_of(struct channel *c, const void *what, int64_t n)
{
	if (c->pad_start == SLOT_NONE || c->padding != what)
		c->pad_start = n;
	c->padding = what;
	c->airing = 0;
	return c->pad_start;
}

void
channel_put_pad(struct channel *c, const struct pad *p, int64_t n,
    struct channel_out *o)
{
	struct au *picture = pad_picture(p, stretch_of(c, p, n), n);

	slot_put(c, n, picture, NULL, 0, o);
	free(picture);
}

static void
put_noc(struct channel *c, int64_t n, struct channel_out *o)
{
	struct sight s = channel_sight(c, n);
	struct buf text = { 0 };
	struct au *picture;

	slate_text(&text, timeline_chan(c->timeline),
	    &s.segment, c->cause, channel_air_ns(c, n));
	picture = noc_picture(c->noc, stretch_of(c, c->noc, n), n,
	    buf_str(&text));
	slot_put(c, n, picture, NULL, 0, o);
	free(picture);
	buf_fini(&text);
}

void
channel_put_slate(struct channel *c, int64_t n, struct channel_out *o)
{
	if (c->noc != NULL)
		put_noc(c, n, o);
	else
		channel_put_pad(c, c->slate != NULL ? c->slate : c->pad, n, o);
}
