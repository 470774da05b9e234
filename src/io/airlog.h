/* airlog.h - what happens on the air, as lines of playout.log. */

#ifndef IO_AIRLOG_H
#define IO_AIRLOG_H

#include "air/channel.h"
#include "plan/chan.h"

void airlog_event(const struct chan *ch, const struct channel_event *e);

#endif
