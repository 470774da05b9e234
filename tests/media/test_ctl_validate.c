#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "ctl_validate.h"

static struct errs e;

static json_t *
report(size_t channels)
{
	struct buf out = { 0 };
	json_t *o;

	ctl_validate_json(&e, channels, &out);
	o = json_loadb(buf_str(&out), out.len, 0, NULL);
	assert_non_null(o);
	buf_fini(&out);
	errs_fini(&e);
	return o;
}

static const char *
text_of(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static void
what_is_well_is_ok(void **state)
{
	json_t *o = report(3);

	(void)state;
	assert_true(json_is_true(json_object_get(o, "ok")));
	assert_int_equal(json_integer_value(json_object_get(o, "channels")),
	    3);
	assert_int_equal(json_array_size(json_object_get(o, "faults")), 0);
	json_decref(o);
}

static void
faults_have_their_places_in_order_and_once(void **state)
{
	json_t *o, *faults, *warnings;

	(void)state;
	errs_fault(&e, "b.yaml", 2, 3, "second");
	errs_fault(&e, "a\xff.yaml", 7, 1, "first");
	errs_fault(&e, "b.yaml", 2, 3, "second");
	errs_warn(&e, NULL, 0, 0, "odd");
	o = report(0);
	assert_true(json_is_false(json_object_get(o, "ok")));
	faults = json_object_get(o, "faults");
	warnings = json_object_get(o, "warnings");
	assert_int_equal(json_array_size(faults), 2);
	assert_string_equal(text_of(json_array_get(faults, 0), "file"),
	    "a\xef\xbf\xbd.yaml");
	assert_string_equal(text_of(json_array_get(faults, 1), "text"),
	    "second");
	assert_int_equal(json_integer_value(json_object_get(
	    json_array_get(faults, 1), "column")), 3);
	assert_int_equal(json_array_size(warnings), 1);
	assert_true(json_is_null(json_object_get(json_array_get(warnings, 0),
	    "file")));
	json_decref(o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_well_is_ok),
		cmocka_unit_test(faults_have_their_places_in_order_and_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
