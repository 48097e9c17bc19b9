/* SPDX-License-Identifier: MIT
 * Editing by chance: many edits of a message, each done to a plain list of names and values as
 * well. Both have to look the same after each, also from outside.
 */
#include "tests/unit/exact.h"

#include <stdio.h>

#define FIELDS_MAX 60
#define VALUE_ROOM 400

static const struct {
	const char *name;
	enum wsip_header_id id;
} names[] = {
	{ "Via", WSIP_VIA },
	{ "v", WSIP_VIA },
	{ "VIA", WSIP_VIA },
	{ "Route", WSIP_ROUTE },
	{ "Contact", WSIP_CONTACT },
	{ "m", WSIP_CONTACT },
	{ "Supported", WSIP_SUPPORTED },
	{ "k", WSIP_SUPPORTED },
	{ "Subject", WSIP_SUBJECT },
	{ "s", WSIP_SUBJECT },
	{ "P-Asserted-Identity", WSIP_P_ASSERTED_IDENTITY },
	{ "X-A", WSIP_HEADER_OTHER },
	{ "x-a", WSIP_HEADER_OTHER },
	{ "X-B", WSIP_HEADER_OTHER },
};
#define NAMES (sizeof(names) / sizeof(names[0]))

static const enum wsip_header_id lists[] = { WSIP_VIA, WSIP_ROUTE, WSIP_CONTACT, WSIP_SUPPORTED,
	WSIP_P_ASSERTED_IDENTITY };
#define LISTS (sizeof(lists) / sizeof(lists[0]))

struct field {
	const char *name;
	enum wsip_header_id id;
	char value[VALUE_ROOM];
};

struct model {
	struct field fields[FIELDS_MAX];
	size_t count;
};

static struct wsip_buf_pool pool;
static struct wsip_msg msg;
static struct model model;
static uint32_t random_state;

static uint32_t below(uint32_t bound)
{
	random_state = random_state * 1664525u + 1013904223u;
	return (random_state >> 8) % bound;
}

/* ---- The model: as plain as can be. ---- */

static bool is_same(const struct field *field, size_t name)
{
	if (names[name].id != WSIP_HEADER_OTHER)
		return field->id == names[name].id;
	return field->id == WSIP_HEADER_OTHER &&
	       wsip_span_is_nocase(wsip_span_of(field->name), names[name].name);
}

static size_t model_first(size_t name)
{
	size_t i = 0;

	while (i < model.count && !is_same(&model.fields[i], name))
		i++;
	return i;
}

static void model_insert(size_t index, const char *name, enum wsip_header_id id, const char *value)
{
	struct field *field = &model.fields[index];

	memmove(field + 1, field, (model.count - index) * sizeof(*field));
	field->name = name;
	field->id = id;
	snprintf(field->value, sizeof(field->value), "%s", value);
	model.count++;
}

static void model_remove_at(size_t index)
{
	struct field *field = &model.fields[index];

	model.count--;
	memmove(field, field + 1, (model.count - index) * sizeof(*field));
}

static size_t model_remove(size_t name, size_t from)
{
	size_t removed = 0;

	for (size_t i = from; i < model.count;) {
		if (is_same(&model.fields[i], name)) {
			model_remove_at(i);
			removed++;
		} else {
			i++;
		}
	}
	return removed;
}

/* The first field with this id that has a value, or the last one. */
static struct field *model_filled(enum wsip_header_id id, int step)
{
	for (size_t n = 0; n < model.count; n++) {
		struct field *field = &model.fields[step > 0 ? n : model.count - 1 - n];

		if (field->id == id && field->value[0])
			return field;
	}
	return NULL;
}

static void model_append_value(enum wsip_header_id id, const char *value)
{
	struct field *field = model_filled(id, -1);
	size_t index = model.count;

	if (field) {
		size_t used = strlen(field->value);

		snprintf(field->value + used, sizeof(field->value) - used, ", %s", value);
		return;
	}
	while (index > 0 && model.fields[index - 1].id != id)
		index--;
	model_insert(index ? index : model.count, wsip_header_name(id), id, value);
}

/* ---- One edit, to both. ---- */

static void add(size_t name, const char *value)
{
	size_t index = model.count;

	while (index > 0 && !is_same(&model.fields[index - 1], name))
		index--;
	model_insert(index ? index : model.count, names[name].name, names[name].id, value);
	cr_assert(wsip_msg_add(&msg, names[name].name, wsip_span_of(value)) == WSIP_OK);
}

static void prepend(size_t name, const char *value)
{
	size_t index = model_first(name);

	model_insert(index == model.count ? 0 : index, names[name].name, names[name].id, value);
	cr_assert(wsip_msg_prepend(&msg, names[name].name, wsip_span_of(value)) == WSIP_OK);
}

static void set(size_t name, const char *value)
{
	size_t index = model_first(name);

	model_insert(index, names[name].name, names[name].id, value);
	model_remove(name, index + 1);
	cr_assert(wsip_msg_set(&msg, names[name].name, wsip_span_of(value)) == WSIP_OK);
}

static void remove_all(size_t name)
{
	cr_assert(wsip_msg_remove(&msg, names[name].name) == model_remove(name, 0));
}

static void remove_first_value(enum wsip_header_id id)
{
	struct field *field = model_filled(id, 1);
	enum wsip_err err = wsip_msg_remove_first_value(&msg, id);
	char rest[VALUE_ROOM];
	const char *comma;

	cr_assert(err == (field ? WSIP_OK : WSIP_ERR_NOT_FOUND));
	if (!field)
		return;
	comma = strchr(field->value, ',');
	if (!comma) {
		model_remove_at((size_t)(field - model.fields));
		return;
	}
	snprintf(rest, sizeof(rest), "%s", comma + 1 + strspn(comma + 1, " "));
	snprintf(field->value, sizeof(field->value), "%s", rest);
}

static void append_value(enum wsip_header_id id, const char *value)
{
	struct field *field = model_filled(id, -1);

	if (field && strlen(field->value) + strlen(value) + 3 > VALUE_ROOM)
		return;
	model_append_value(id, value);
	cr_assert(wsip_msg_append_value(&msg, id, wsip_span_of(value)) == WSIP_OK);
}

static void append_param(enum wsip_header_id id, const char *value)
{
	struct field *field = model_filled(id, 1);
	enum wsip_err err;
	char rest[VALUE_ROOM];
	size_t first;

	if (field && strlen(field->value) + strlen(value) + 4 > VALUE_ROOM)
		return;
	err = wsip_msg_append_param(&msg, id, "p", wsip_span_of(value));
	cr_assert(err == (field ? WSIP_OK : WSIP_ERR_NOT_FOUND));
	if (!field)
		return;
	first = strcspn(field->value, ",");
	snprintf(rest, sizeof(rest), "%s", field->value + first);
	snprintf(field->value + first, sizeof(field->value) - first, ";p%s%s%s", *value ? "=" : "",
		value, rest);
}

/* ---- Comparing. ---- */

static void expect_as_model(const struct wsip_msg *message, const char *what)
{
	cr_assert(wsip_msg_header_count(message) == model.count, "%s: %zu and not %zu", what,
		wsip_msg_header_count(message), model.count);
	for (size_t i = 0; i < model.count; i++) {
		struct wsip_header header = wsip_msg_header_at(message, i);

		cr_assert(header.id == model.fields[i].id, "%s: %zu", what, i);
		cr_assert(wsip_span_is(header.name, model.fields[i].name), "%s: %zu", what, i);
		cr_assert(wsip_span_is(header.value, model.fields[i].value),
			"%s: %zu: %.*s and not %s", what, i, (int)header.value.size,
			header.value.data, model.fields[i].value);
	}
}

static void expect_found_as_in_model(const struct wsip_msg *message, const char *what)
{
	for (size_t name = 0; name < NAMES; name++) {
		size_t index = model_first(name);
		struct wsip_span value;

		cr_assert(wsip_msg_header_named(message, names[name].name, &value) ==
				  (index < model.count),
			"%s: %s", what, names[name].name);
		if (index == model.count)
			continue;
		cr_assert(wsip_span_is(value, model.fields[index].value), "%s: %s", what,
			names[name].name);
	}
	for (int id = WSIP_HEADER_OTHER; id < WSIP_HEADER_IDS; id++) {
		struct wsip_span value;
		size_t index = 0;

		while (index < model.count && (int)model.fields[index].id != id)
			index++;
		cr_assert(wsip_msg_header(message, (enum wsip_header_id)id, &value) ==
				  (index < model.count),
			"%s: id %d", what, id);
		cr_assert(index == model.count || wsip_span_is(value, model.fields[index].value),
			"%s: id %d", what, id);
	}
}

static void expect_sent_as_model(const char *what)
{
	struct wsip_buf *out = wsip_msg_serialize(&msg, &pool);
	struct wsip_msg again;

	cr_assert(out != NULL);
	cr_assert(wsip_msg_parse(&again, out) == WSIP_OK && again.problem.status == 0, "%s", what);
	expect_as_model(&again, what);
	expect_found_as_in_model(&again, what);
	wsip_msg_finish(&again);
	wsip_buf_unref(out);
}

static void expect_copied_as_model(const char *what)
{
	struct wsip_msg copy;

	cr_assert(wsip_msg_copy(&copy, &msg) == WSIP_OK);
	expect_as_model(&copy, what);
	expect_found_as_in_model(&copy, what);
	wsip_msg_finish(&copy);
}

/* ---- By chance. ---- */

static void start_message(void)
{
	char text[4000] = "BYE sip:b SIP/2.0\r\n";
	uint32_t count = below(FIELDS_MAX / 2);
	size_t used = strlen(text);
	struct wsip_buf *buf;

	model.count = 0;
	for (uint32_t i = 0; i < count; i++) {
		size_t name = below(NAMES);
		char value[16] = "";

		if (below(8))
			snprintf(value, sizeof(value), "a%u%s", i, below(2) ? "" : ",b");
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s:%s%s\r\n",
			names[name].name, below(4) ? "" : " ", below(4) ? " " : "\r\n ", value);
		model_insert(model.count, names[name].name, names[name].id, value);
	}
	used += (size_t)snprintf(text + used, sizeof(text) - used, "\r\nbody");
	buf = pooled_buf(&pool, text, used);
	cr_assert(wsip_msg_parse(&msg, buf) == WSIP_OK);
	wsip_buf_unref(buf);
}

static void edit_once(uint32_t step)
{
	bool may_grow = model.count + 1 < FIELDS_MAX;
	enum wsip_header_id list = lists[below(LISTS)];
	size_t name = below(NAMES);
	char value[32] = "";

	if (below(8))
		snprintf(value, sizeof(value), "v%u%s", step, below(4) ? "" : ", w");
	switch (below(9)) {
	case 0:
	case 1:
		if (may_grow)
			add(name, value);
		break;
	case 2:
	case 3:
		if (may_grow)
			prepend(name, value);
		break;
	case 4:
		if (may_grow)
			set(name, value);
		break;
	case 5:
		if (model.count > FIELDS_MAX / 3)
			remove_all(name);
		break;
	case 6:
		remove_first_value(list);
		break;
	case 7:
		if (may_grow && value[0])
			append_value(list, value);
		break;
	default:
		append_param(list, below(2) ? "q" : "");
	}
}

Test(edit_model, any_sequence_of_edits_is_that_of_a_plain_list)
{
	wsip_buf_pool_init(&pool);
	for (random_state = 0; random_state < 60;) {
		uint32_t seed = random_state;
		char what[40];

		start_message();
		for (uint32_t step = 0; step < 150; step++) {
			snprintf(what, sizeof(what), "seed %u, step %u", seed, step);
			edit_once(step);
			expect_as_model(&msg, what);
			expect_found_as_in_model(&msg, what);
			if (step % 10 == 9) {
				expect_sent_as_model(what);
				expect_copied_as_model(what);
			}
		}
		wsip_msg_finish(&msg);
		random_state = seed + 1;
	}
	cr_expect(pool.in_use == 0, "%u buffers are left", pool.in_use);
	wsip_buf_pool_finish(&pool);
}
