/* devicefile.h - who this installation is to HDHomeRun's clients: an id drawn
 * once and kept in the state directory, by which they know their tuner again.
 * Blocks. */

#ifndef MEDIA_DEVICEFILE_H
#define MEDIA_DEVICEFILE_H

#include <stdint.h>

/* The id kept in dir, where there is none a new one, in *id.  0, or -errno
 * where it could not be kept: it is another the next time. */
int devicefile_get(const char *dir, uint32_t *id);

#endif
