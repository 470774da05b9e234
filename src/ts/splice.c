#include "ts/splice.h"

#include <bitstream/dvb/si/eit.h>
#include <bitstream/dvb/si/nit.h>
#include <bitstream/dvb/si/sdt.h>
#include <bitstream/dvb/si/tdt.h>
#include <bitstream/mpeg/psi.h>
#include <bitstream/mpeg/ts.h>

#include "base/arith.h"
#include "ts/grid.h"
#include "ts/mux.h"

#define AHEAD	(PCR_HZ / 1000)	/* of the next PCR: never the same twice */

/* The counter stands still and may jump, both at once: so the next packet has
 * its own in order. */
static void
flag_put(struct buf *out, uint16_t pid, uint8_t cc, int64_t pcr)
{
	uint8_t *p = buf_extend(out, TS_SIZE);

	ts_init(p);
	ts_set_pid(p, pid);
	ts_set_cc(p, cc);
	ts_set_adaptation(p, TS_SIZE - TS_HEADER_SIZE - 1);
	tsaf_set_discontinuity(p);
	if (pcr < 0)
		return;
	tsaf_set_pcr(p, (uint64_t)(pcr / 300));
	tsaf_set_pcrext(p, (uint16_t)(pcr % 300));
}

void
splice_put(struct buf *out, const struct splice *s)
{
	static const uint16_t pids[SPLICE_NPIDS] = {
		[SPLICE_VIDEO] = MUX_PID_VIDEO,
		[SPLICE_AUDIO] = MUX_PID_AUDIO,
		[SPLICE_PAT] = PAT_PID,
		[SPLICE_PMT] = MUX_PID_PMT,
		[SPLICE_NIT] = NIT_PID,
		[SPLICE_SDT] = SDT_PID,
		[SPLICE_EIT] = EIT_PID,
		[SPLICE_TDT] = TDT_PID,
	};

	for (int i = 0; i < SPLICE_NPIDS; i++)
		flag_put(out, pids[i], s->cc[i],
		    i == SPLICE_VIDEO ? mod_floor(s->pcr - AHEAD,
		    TS_WRAP * 300) : -1);
}
