#include "air/house.h"

struct grid
house_grid(const struct format *f)
{
	static const enum aframe_codec codecs[] = {
		[FORMAT_AAC] = AFRAME_AAC,
		[FORMAT_AC3] = AFRAME_AC3,
		[FORMAT_MP2] = AFRAME_MP2,
	};
	struct grid g = grid_make(f->rate, f->sample_rate,
	    format_samples(f->audio_codec));

	g.codec = codecs[f->audio_codec];
	g.channels = f->channels;
	return g;
}
