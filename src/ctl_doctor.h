/* ctl_doctor.h - retrovuectl doctor: is this machine fit to run the station,
 * and does what shall be refused get refused?
 *
 * Needs no daemon and changes nothing.  Every part says what it finds with
 * doctor_say(). */

#ifndef CTL_DOCTOR_H
#define CTL_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "air/argv.h"
#include "air/shim.h"
#include "ctl_library.h"
#include "io/privs.h"
#include "media/config.h"

enum verdict {
	DOCTOR_GOOD,
	DOCTOR_NOTE,		/* to be known; it works */
	DOCTOR_BAD,		/* it does not */
};

struct check {
	const char *part, *name;	/* borrowed */
	enum verdict verdict;
	char *text;
};

struct doctor {
	const struct config *cfg;	/* the defaults where it is faulty */
	const struct shim *shim;
	const char *socket;
	bool runs;			/* a daemon answers there */
	struct privs user;		/* whom it is or will be; name NULL:
					 * whoever runs us */
	struct argv_caps caps;		/* once ffmpeg was looked at */
	bool has_ffmpeg;
	struct check *v;
	size_t n, cap;
};

/* Exit status 0, or 1 where anything is bad. */
int ctl_doctor(const struct ctl_library *o);

/* Below: what its parts share. */

void doctor_say(struct doctor *d, const char *part, const char *name,
    enum verdict verdict, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* ctl_doctor_system.c: directories, ports, kernel, clock. */
void doctor_system(struct doctor *d);

/* 0 where one of SOCK_STREAM or SOCK_DGRAM could be opened there, else errno;
 * shared: beside others who say so, or who have only just gone. */
int doctor_try_port(const char *host, uint16_t number, int type,
    bool shared);

/* ctl_doctor_discovery.c: whether HDHomeRun's clients can find the station. */
void doctor_discovery(struct doctor *d);

/* ctl_doctor_ffmpeg.c: what ffmpeg can do, and how fast. */
void doctor_ffmpeg(struct doctor *d);
void doctor_speed(struct doctor *d);

/* ctl_doctor_sandbox.c: what the kernel refuses to a child. */
void doctor_sandbox(struct doctor *d);

/* ctl_doctor_plan.c: the next 24 hours. */
void doctor_plan(struct doctor *d);

#endif
