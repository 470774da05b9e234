#include "plan/language.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/length.h"

/* ISO 639: the two letters of part 1, part 2's for use in terminology and,
 * where they differ, in bibliographies; the English name. */
static const struct {
	char two[3], term[4], bib[4];
	const char *name;
} languages[] = {
	{ "aa", "aar", "", "Afar" },
	{ "ab", "abk", "", "Abkhazian" },
	{ "ae", "ave", "", "Avestan" },
	{ "af", "afr", "", "Afrikaans" },
	{ "ak", "aka", "", "Akan" },
	{ "am", "amh", "", "Amharic" },
	{ "an", "arg", "", "Aragonese" },
	{ "ar", "ara", "", "Arabic" },
	{ "as", "asm", "", "Assamese" },
	{ "av", "ava", "", "Avaric" },
	{ "ay", "aym", "", "Aymara" },
	{ "az", "aze", "", "Azerbaijani" },
	{ "ba", "bak", "", "Bashkir" },
	{ "be", "bel", "", "Belarusian" },
	{ "bg", "bul", "", "Bulgarian" },
	{ "bh", "bih", "", "Bihari languages" },
	{ "bi", "bis", "", "Bislama" },
	{ "bm", "bam", "", "Bambara" },
	{ "bn", "ben", "", "Bangla" },
	{ "bo", "bod", "tib", "Tibetan" },
	{ "br", "bre", "", "Breton" },
	{ "bs", "bos", "", "Bosnian" },
	{ "ca", "cat", "", "Catalan" },
	{ "ce", "che", "", "Chechen" },
	{ "ch", "cha", "", "Chamorro" },
	{ "co", "cos", "", "Corsican" },
	{ "cr", "cre", "", "Cree" },
	{ "cs", "ces", "cze", "Czech" },
	{ "cu", "chu", "", "Church Slavonic" },
	{ "cv", "chv", "", "Chuvash" },
	{ "cy", "cym", "wel", "Welsh" },
	{ "da", "dan", "", "Danish" },
	{ "de", "deu", "ger", "German" },
	{ "dv", "div", "", "Divehi" },
	{ "dz", "dzo", "", "Dzongkha" },
	{ "ee", "ewe", "", "Ewe" },
	{ "el", "ell", "gre", "Greek" },
	{ "en", "eng", "", "English" },
	{ "eo", "epo", "", "Esperanto" },
	{ "es", "spa", "", "Spanish" },
	{ "et", "est", "", "Estonian" },
	{ "eu", "eus", "baq", "Basque" },
	{ "fa", "fas", "per", "Persian" },
	{ "ff", "ful", "", "Fulah" },
	{ "fi", "fin", "", "Finnish" },
	{ "fj", "fij", "", "Fijian" },
	{ "fo", "fao", "", "Faroese" },
	{ "fr", "fra", "fre", "French" },
	{ "fy", "fry", "", "Western Frisian" },
	{ "ga", "gle", "", "Irish" },
	{ "gd", "gla", "", "Gaelic" },
	{ "gl", "glg", "", "Galician" },
	{ "gn", "grn", "", "Guarani" },
	{ "gu", "guj", "", "Gujarati" },
	{ "gv", "glv", "", "Manx" },
	{ "ha", "hau", "", "Hausa" },
	{ "he", "heb", "", "Hebrew" },
	{ "hi", "hin", "", "Hindi" },
	{ "ho", "hmo", "", "Hiri Motu" },
	{ "hr", "hrv", "", "Croatian" },
	{ "ht", "hat", "", "Haitian" },
	{ "hu", "hun", "", "Hungarian" },
	{ "hy", "hye", "arm", "Armenian" },
	{ "hz", "her", "", "Herero" },
	{ "ia", "ina", "", "Interlingua" },
	{ "id", "ind", "", "Indonesian" },
	{ "ie", "ile", "", "Interlingue" },
	{ "ig", "ibo", "", "Igbo" },
	{ "ii", "iii", "", "Sichuan Yi" },
	{ "ik", "ipk", "", "Inupiaq" },
	{ "io", "ido", "", "Ido" },
	{ "is", "isl", "ice", "Icelandic" },
	{ "it", "ita", "", "Italian" },
	{ "iu", "iku", "", "Inuktitut" },
	{ "ja", "jpn", "", "Japanese" },
	{ "jv", "jav", "", "Javanese" },
	{ "ka", "kat", "geo", "Georgian" },
	{ "kg", "kon", "", "Kongo" },
	{ "ki", "kik", "", "Kikuyu" },
	{ "kj", "kua", "", "Kuanyama" },
	{ "kk", "kaz", "", "Kazakh" },
	{ "kl", "kal", "", "Kalaallisut" },
	{ "km", "khm", "", "Central Khmer" },
	{ "kn", "kan", "", "Kannada" },
	{ "ko", "kor", "", "Korean" },
	{ "kr", "kau", "", "Kanuri" },
	{ "ks", "kas", "", "Kashmiri" },
	{ "ku", "kur", "", "Kurdish" },
	{ "kv", "kom", "", "Komi" },
	{ "kw", "cor", "", "Cornish" },
	{ "ky", "kir", "", "Kirghiz" },
	{ "la", "lat", "", "Latin" },
	{ "lb", "ltz", "", "Luxembourgish" },
	{ "lg", "lug", "", "Ganda" },
	{ "li", "lim", "", "Limburgan" },
	{ "ln", "lin", "", "Lingala" },
	{ "lo", "lao", "", "Lao" },
	{ "lt", "lit", "", "Lithuanian" },
	{ "lu", "lub", "", "Luba-Katanga" },
	{ "lv", "lav", "", "Latvian" },
	{ "mg", "mlg", "", "Malagasy" },
	{ "mh", "mah", "", "Marshallese" },
	{ "mi", "mri", "mao", "Maori" },
	{ "mk", "mkd", "mac", "Macedonian" },
	{ "ml", "mal", "", "Malayalam" },
	{ "mn", "mon", "", "Mongolian" },
	{ "mr", "mar", "", "Marathi" },
	{ "ms", "msa", "may", "Malay" },
	{ "mt", "mlt", "", "Maltese" },
	{ "my", "mya", "bur", "Burmese" },
	{ "na", "nau", "", "Nauru" },
	{ "nb", "nob", "", "Bokmal" },
	{ "nd", "nde", "", "Ndebele" },
	{ "ne", "nep", "", "Nepali" },
	{ "ng", "ndo", "", "Ndonga" },
	{ "nl", "nld", "dut", "Dutch" },
	{ "nn", "nno", "", "Nynorsk" },
	{ "no", "nor", "", "Norwegian" },
	{ "nr", "nbl", "", "Ndebele" },
	{ "nv", "nav", "", "Navajo" },
	{ "ny", "nya", "", "Chichewa" },
	{ "oc", "oci", "", "Occitan" },
	{ "oj", "oji", "", "Ojibwa" },
	{ "om", "orm", "", "Oromo" },
	{ "or", "ori", "", "Oriya" },
	{ "os", "oss", "", "Ossetian" },
	{ "pa", "pan", "", "Panjabi" },
	{ "pi", "pli", "", "Pali" },
	{ "pl", "pol", "", "Polish" },
	{ "ps", "pus", "", "Pushto" },
	{ "pt", "por", "", "Portuguese" },
	{ "qu", "que", "", "Quechua" },
	{ "rm", "roh", "", "Romansh" },
	{ "rn", "run", "", "Rundi" },
	{ "ro", "ron", "rum", "Romanian" },
	{ "ru", "rus", "", "Russian" },
	{ "rw", "kin", "", "Kinyarwanda" },
	{ "sa", "san", "", "Sanskrit" },
	{ "sc", "srd", "", "Sardinian" },
	{ "sd", "snd", "", "Sindhi" },
	{ "se", "sme", "", "Northern Sami" },
	{ "sg", "sag", "", "Sango" },
	{ "si", "sin", "", "Sinhala" },
	{ "sk", "slk", "slo", "Slovak" },
	{ "sl", "slv", "", "Slovenian" },
	{ "sm", "smo", "", "Samoan" },
	{ "sn", "sna", "", "Shona" },
	{ "so", "som", "", "Somali" },
	{ "sq", "sqi", "alb", "Albanian" },
	{ "sr", "srp", "", "Serbian" },
	{ "ss", "ssw", "", "Swati" },
	{ "st", "sot", "", "Sotho" },
	{ "su", "sun", "", "Sundanese" },
	{ "sv", "swe", "", "Swedish" },
	{ "sw", "swa", "", "Swahili" },
	{ "ta", "tam", "", "Tamil" },
	{ "te", "tel", "", "Telugu" },
	{ "tg", "tgk", "", "Tajik" },
	{ "th", "tha", "", "Thai" },
	{ "ti", "tir", "", "Tigrinya" },
	{ "tk", "tuk", "", "Turkmen" },
	{ "tl", "tgl", "", "Tagalog" },
	{ "tn", "tsn", "", "Tswana" },
	{ "to", "ton", "", "Tonga" },
	{ "tr", "tur", "", "Turkish" },
	{ "ts", "tso", "", "Tsonga" },
	{ "tt", "tat", "", "Tatar" },
	{ "tw", "twi", "", "Twi" },
	{ "ty", "tah", "", "Tahitian" },
	{ "ug", "uig", "", "Uighur" },
	{ "uk", "ukr", "", "Ukrainian" },
	{ "ur", "urd", "", "Urdu" },
	{ "uz", "uzb", "", "Uzbek" },
	{ "ve", "ven", "", "Venda" },
	{ "vi", "vie", "", "Vietnamese" },
	{ "vo", "vol", "", "Volapuk" },
	{ "wa", "wln", "", "Walloon" },
	{ "wo", "wol", "", "Wolof" },
	{ "xh", "xho", "", "Xhosa" },
	{ "yi", "yid", "", "Yiddish" },
	{ "yo", "yor", "", "Yoruba" },
	{ "za", "zha", "", "Zhuang" },
	{ "zh", "zho", "chi", "Chinese" },
	{ "zu", "zul", "", "Zulu" },
};

/* Letters up to whatever ends the first subtag of "en-US", "pt_BR" or the
 * first word of "English (stereo)". */
static size_t
word_len(const char *s)
{
	return strcspn(s, "-_ (.,;/");
}

static bool
is(const char *name, const char *s, size_t n)
{
	return n != 0 && strlen(name) == n && strncasecmp(name, s, n) == 0;
}

/* A code that is not in the table stands for itself. */
static bool
other(const char *s, size_t n, char key[4])
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	if (n != 3 || strspn(s, letters) < n || strncasecmp(s, "und", n) == 0)
		return false;
	for (size_t i = 0; i < n; i++)
		key[i] = (char)(s[i] | 0x20);
	key[n] = '\0';
	return true;
}

/* Its place in the table, LENGTH(languages) where it has none. */
static size_t
find(const char *s, size_t n)
{
	size_t i = 0;

	while (i < LENGTH(languages) && !is(languages[i].two, s, n) &&
	    !is(languages[i].term, s, n) && !is(languages[i].bib, s, n) &&
	    strcasecmp(languages[i].name, s) != 0 &&
	    !is(languages[i].name, s, n))
		i++;
	return i;
}

bool
language_key(const char *s, char key[4])
{
	size_t n, i;

	s += strspn(s, " ");
	n = word_len(s);
	if ((i = find(s, n)) == LENGTH(languages))
		return other(s, n, key);
	memcpy(key, languages[i].term, 4);
	return true;
}

bool
language_short(const char *s, char key[4])
{
	size_t i;

	s += strspn(s, " ");
	i = find(s, word_len(s));
	if (i == LENGTH(languages) || languages[i].two[0] == '\0')
		return language_key(s, key);
	memcpy(key, languages[i].two, 3);
	return true;
}

size_t
language_pick(const struct asset_audio *audio, size_t n, const char *wanted)
{
	char want[4], has[4];

	if (wanted == NULL || !language_key(wanted, want))
		return 0;
	for (size_t i = 0; i < n; i++) {
		if (language_key(audio[i].language, has) &&
		    strcmp(has, want) == 0)
			return i;
	}
	return 0;
}
