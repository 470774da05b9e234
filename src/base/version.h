/* version.h - which Retrovue this is. */

#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#define RETROVUE_VERSION	"0.1.0"

#endif
