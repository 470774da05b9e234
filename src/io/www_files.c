/* The assembler takes the files in as they are (.incbin): it looks for them
 * in src/www and in the build directory, as the Makefile tells it. */

#include "io/www_files.h"

#include "base/length.h"

#define HTML	"text/html; charset=utf-8"
#define CSS	"text/css; charset=utf-8"
#define JS	"text/javascript; charset=utf-8"
#define SVG	"image/svg+xml"

/* A symbol, the file's name, its type. */
#define FILES(X)					\
	X(index,	"index.html",	HTML)		\
	X(style,	"style.css",	CSS)		\
	X(icon,		"icon.svg",	SVG)		\
	X(page,		"page.js",	JS)		\
	X(about,	"about.js",	JS)		\
	X(addresses,	"addresses.js",	JS)		\
	X(channels,	"channels.js",	JS)		\
	X(dom,		"dom.js",	JS)		\
	X(grid,		"grid.js",	JS)		\
	X(guide,	"guide.js",	JS)		\
	X(list,		"list.js",	JS)		\
	X(station,	"station.js",	JS)		\
	X(time,		"time.js",	JS)		\
	X(watch,	"watch.js",	JS)		\
	X(hls,		"hls.js",	JS)

#define TAKE_IN(symbol, name, type)			\
	__asm__(".pushsection .rodata\n"		\
	    ".global www_" #symbol ", www_" #symbol "_end\n"	\
	    "www_" #symbol ":\n"			\
	    ".incbin \"" name "\"\n"			\
	    "www_" #symbol "_end:\n"			\
	    ".popsection\n");				\
	extern const uint8_t www_##symbol[], www_##symbol##_end[];

#define ENTRY(symbol, name, type)			\
	{ name, type, www_##symbol, www_##symbol##_end },

FILES(TAKE_IN)

const struct www_file www_files[] = { FILES(ENTRY) };
const size_t www_nfiles = LENGTH(www_files);
