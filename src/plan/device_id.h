/* device_id.h - the identity of a tuner as HDHomeRun's clients know it: 32
 * bits, written as 8 hex digits, that check themselves.
 *
 * 0 is none: it does not pass. */

#ifndef PLAN_DEVICE_ID_H
#define PLAN_DEVICE_ID_H

#include <stdbool.h>
#include <stdint.h>

#define DEVICE_ID_DIGITS	8

/* As libhdhomerun has it: hdhomerun_discover_validate_device_id(). */
bool device_id_check(uint32_t id);

/* The id made of any bits: in a range that no device of an old model, which
 * clients treat in ways of their own, is in. */
uint32_t device_id_make(uint32_t bits);

/* 8 hex digits that pass, and nothing else; false leaves *id. */
bool device_id_parse(const char *text, uint32_t *id);

#endif
