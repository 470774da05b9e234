#include "plan/seed.h"

#define FNV_BASIS	UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME	UINT64_C(0x100000001b3)
#define GOLDEN		UINT64_C(0x9e3779b97f4a7c15)	/* 2^64 / phi */

uint64_t
seed_text(const char *text)
{
	uint64_t h = FNV_BASIS;

	for (; *text != '\0'; text++)
		h = (h ^ (unsigned char)*text) * FNV_PRIME;
	return h;
}

uint64_t
seed_add(uint64_t seed, uint64_t n)
{
	uint64_t h = seed + n * GOLDEN;

	h = (h ^ h >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	h = (h ^ h >> 27) * UINT64_C(0x94d049bb133111eb);
	return h ^ h >> 31;
}
