#include "ts/splice.h"

#include <bitstream/dvb/si/eit.h>
#include <bitstream/dvb/si/nit.h>
#include <bitstream/dvb/si/sdt.h>
#include <bitstream/dvb/si/tdt.h>
#include <bitstream/mpeg/psi.h>

#include "base/arith.h"
#include "ts/grid.h"
#include "ts/mux.h"
#include "ts/packet.h"

#define AHEAD	(PCR_HZ / 1000)	/* of the next PCR: never the same twice */

/* The counters stand still and may jump, both at once: so the next packet of
 * each PID has its own in order. */
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
		packet_put_empty(out, pids[i], s->cc[i], &(struct adaptation){
			.discontinuity = true,
			.pcr = i != SPLICE_VIDEO ? -1 :
			    mod_floor(s->pcr - AHEAD, TS_WRAP * 300) });
}
