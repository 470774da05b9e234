/* What comes to UDP and TCP port 65001 and to UDP port 1900, as it is and, so
 * that a fuzzer gets behind the CRC, as a frame's payload: any bytes have one
 * answer at most, and that is a frame. */

#include <string.h>

#include "air/hdhr.h"
#include "air/ssdp.h"
#include "fuzz.h"

#define HEAD	4
#define CRC	4
#define UUID	"7ef0b1c2-5e1d-4d5a-8a4e-00001038a145"

static const struct hdhr_tuner used[] = { { "5.1", "Retro", 3000000 } };
static const struct hdhr_device device = {
	.id = 0x1038a145,
	.tuners = 2,
	.base_url = "http://10.0.0.1:8080",
	.used = used,
	.nused = 1,
};

static void
take_frame(const uint8_t *p, size_t n)
{
	struct buf out = { 0 };

	(void)hdhr_is_search(p, n, device.id);
	if (hdhr_control(&device, p, n, &out))
		need(out.len <= HDHR_FRAME_MAX &&
		    hdhr_frame_size(out.data, out.len) == (int)out.len);
	else
		need(out.len == 0);
	buf_fini(&out);
}

/* As a connection would have it. */
static void
take_stream(const uint8_t *p, size_t n)
{
	int size;

	while ((size = hdhr_frame_size(p, n)) > 0) {
		need((size_t)size <= n);
		take_frame(p, (size_t)size);
		p += size;
		n -= (size_t)size;
	}
}

/* The last bytes of a frame of p[n] made what they have to be. */
static void
seal(uint8_t *p, size_t n)
{
	uint32_t crc = UINT32_MAX;

	for (size_t i = 0; i < n; i++) {
		crc ^= p[i];
		for (int k = 0; k < 8; k++)
			crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0xedb88320) : 0);
	}
	for (size_t i = 0; i < CRC; i++)
		p[n + i] = (uint8_t)(~crc >> 8 * i);
}

/* The first byte is its type. */
static void
take_payload(const uint8_t *p, size_t n)
{
	uint8_t frame[HDHR_FRAME_MAX] = { 0 };

	if (n == 0 || --n > sizeof frame - HEAD - CRC)
		return;
	frame[1] = p[0];
	frame[2] = (uint8_t)(n >> 8);
	frame[3] = (uint8_t)n;
	memcpy(frame + HEAD, p + 1, n);
	seal(frame, HEAD + n);
	take_frame(frame, HEAD + n + CRC);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	take_frame(data, size);
	take_stream(data, size);
	take_payload(data, size);
	need(ssdp_search((const char *)data, size, UUID) <= SSDP_NOTHING);
	return 0;
}
