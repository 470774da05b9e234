#include "air/house.h"

struct grid
house_grid(const struct format *f)
{
	return grid_make(f->rate, f->sample_rate,
	    format_samples(f->audio_codec));
}
