/* length.h - how many elements an array has. */

#ifndef BASE_LENGTH_H
#define BASE_LENGTH_H

#define LENGTH(a)	(sizeof (a) / sizeof (a)[0])

#endif
