/* libs.h - the libraries that read what others wrote, made ready. */

#ifndef MEDIA_LIBS_H
#define MEDIA_LIBS_H

/* Their memory is there or the process is not (xmem.h): what they would
 * otherwise leave out for want of it nobody would miss in time.  Once, before
 * there is a second thread and before they are used. */
void libs_init(void);

/* In a thread that will read or write XML, before it does: libxml2 keeps a state per
 * thread, whose memory it does not ask of the above, and crashes where it has
 * none.  It frees it when the thread ends. */
void libs_thread(void);

#endif
