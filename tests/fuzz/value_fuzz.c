/* SPDX-License-Identifier: MIT
 * Any bytes as the value of a header: the first byte chooses its type. An accepted value lies
 * within the text, holds numbers within their bounds, has parameters that can be walked and that
 * say the same, and stays what it is without the blanks around it and with one more parameter. URIs
 * and the smaller pieces of the grammar are in parts_fuzz.c.
 */
#include <time.h>

#include <wiresip/wiresip.h>

#include "base/limits.h"
#include "tests/fuzz/fuzz.h"

#define PARTS_MAX   16
#define NUMBERS_MAX 4

/* A value taken apart. */
struct reading {
	bool has_params; /* parameters may stand behind it */
	struct wsip_span params;
	struct {
		struct wsip_span text;
		const char *param; /* the parameter whose value it is, if any */
	} parts[PARTS_MAX];
	struct {
		uint64_t value, max;
		const char *param;
	} numbers[NUMBERS_MAX];
};

static enum wsip_err read_via(struct wsip_span text, struct reading *reading)
{
	struct wsip_via via;
	enum wsip_err err = wsip_via_parse(text, &via);

	*reading = (struct reading){
		.has_params = true,
		.params = via.params,
		.parts = { { via.transport, NULL }, { via.sent_by, NULL }, { via.host, NULL },
			{ via.branch, "branch" }, { via.received, "received" },
			{ via.rport, "rport" }, { via.maddr, "maddr" }, { via.ttl, "ttl" } },
		.numbers = { { via.port, UINT16_MAX, NULL }, { via.has_rport, 1, NULL } },
	};
	must(err || wsip_params_find(via.params, "rport", NULL) == via.has_rport);
	return err;
}

static enum wsip_err read_name_addr(struct wsip_span text, struct reading *reading)
{
	struct wsip_name_addr address;
	enum wsip_err err = wsip_name_addr_parse(text, &address);

	*reading = (struct reading){
		.has_params = true,
		.params = address.params,
		.parts = { { address.display_name, NULL }, { address.uri, NULL },
			{ address.tag, "tag" } },
	};
	return err;
}

static enum wsip_err read_contact(struct wsip_span text, struct reading *reading)
{
	struct wsip_contact contact;
	enum wsip_err err = wsip_contact_parse(text, &contact);

	*reading = (struct reading){
		.has_params = !contact.is_star,
		.params = contact.address.params,
		.parts = { { contact.address.display_name, NULL }, { contact.address.uri, NULL },
			{ contact.instance, NULL } },
		.numbers = { { contact.q, WSIP_Q_MAX, NULL },
			{ contact.expires_s, WSIP_EXPIRES_MAX, NULL },
			{ contact.reg_id, UINT32_MAX, "reg-id" } },
	};
	must(err || contact.is_star ||
		wsip_params_find(contact.address.params, "expires", NULL) == contact.has_expires);
	return err;
}

static enum wsip_err read_diversion(struct wsip_span text, struct reading *reading)
{
	struct wsip_diversion diversion;
	enum wsip_err err = wsip_diversion_parse(text, &diversion);

	*reading = (struct reading){
		.has_params = true,
		.params = diversion.address.params,
		.parts = { { diversion.address.display_name, NULL },
			{ diversion.address.uri, NULL }, { diversion.reason, "reason" },
			{ diversion.privacy, "privacy" }, { diversion.screen, "screen" } },
		.numbers = { { diversion.counter, UINT32_MAX, "counter" },
			{ diversion.limit, UINT32_MAX, "limit" } },
	};
	return err;
}

static enum wsip_err read_history_info(struct wsip_span text, struct reading *reading)
{
	struct wsip_history_info entry;
	enum wsip_err err = wsip_history_info_parse(text, &entry);

	*reading = (struct reading){
		.has_params = true,
		.params = entry.address.params,
		.parts = { { entry.address.display_name, NULL }, { entry.address.uri, NULL },
			{ entry.index, "index" }, { entry.rc, "rc" }, { entry.mp, "mp" },
			{ entry.np, "np" } },
	};
	return err;
}

static enum wsip_err read_cseq(struct wsip_span text, struct reading *reading)
{
	struct wsip_cseq cseq;
	enum wsip_err err = wsip_cseq_parse(text, &cseq);

	*reading = (struct reading){
		.parts = { { cseq.method, NULL } },
		.numbers = { { cseq.number, WSIP_CSEQ_MAX, NULL } },
	};
	return err;
}

static enum wsip_err read_rack(struct wsip_span text, struct reading *reading)
{
	struct wsip_rack rack;
	enum wsip_err err = wsip_rack_parse(text, &rack);

	*reading = (struct reading){
		.parts = { { rack.cseq.method, NULL } },
		.numbers = { { rack.response_number, WSIP_RSEQ_MAX, NULL },
			{ rack.cseq.number, WSIP_CSEQ_MAX, NULL } },
	};
	return err;
}

static enum wsip_err read_delta(struct wsip_span text, struct reading *reading)
{
	struct wsip_delta delta;
	enum wsip_err err = wsip_delta_parse(text, &delta);

	*reading = (struct reading){
		.has_params = true,
		.params = delta.params,
		.parts = { { delta.comment, NULL }, { delta.refresher, "refresher" } },
		.numbers = { { delta.seconds, UINT32_MAX, NULL },
			{ delta.duration_s, UINT32_MAX, "duration" } },
	};
	return err;
}

static enum wsip_err read_media_type(struct wsip_span text, struct reading *reading)
{
	struct wsip_media_type media_type;
	enum wsip_err err = wsip_media_type_parse(text, &media_type);

	*reading = (struct reading){
		.has_params = true,
		.params = media_type.params,
		.parts = { { media_type.type, NULL }, { media_type.subtype, NULL } },
		.numbers = { { media_type.q, WSIP_Q_MAX, NULL } },
	};
	return err;
}

/* The calendar of the C library has the last word. */
static enum wsip_err read_date(struct wsip_span text, struct reading *reading)
{
	struct wsip_date date;
	enum wsip_err err = wsip_date_parse(text, &date);
	struct tm tm = { .tm_year = date.year - 1900,
		.tm_mon = date.month - 1,
		.tm_mday = date.day,
		.tm_hour = date.hour,
		.tm_min = date.minute,
		.tm_sec = date.second };

	must(err || (date.year >= 1 && date.month >= 1 && date.day >= 1));
	must(err || timegm(&tm) == date.unix_s);
	*reading = (struct reading){
		.numbers = { { (uint64_t)date.year, 9999, NULL },
			{ (uint64_t)date.month, 12, NULL }, { (uint64_t)date.day, 31, NULL },
			{ (uint64_t)date.second, 60, NULL } },
	};
	return err;
}

static enum wsip_err read_auth(struct wsip_span text, struct reading *reading)
{
	struct wsip_auth auth;
	enum wsip_err err = wsip_auth_parse(text, &auth);
	struct wsip_span params = wsip_span_trim(auth.params);

	*reading = (struct reading){
		.parts = { { auth.scheme, NULL }, { auth.realm, NULL }, { auth.nonce, NULL },
			{ auth.opaque, NULL }, { auth.algorithm, NULL }, { auth.qop, NULL },
			{ auth.userhash, NULL }, { auth.charset, NULL }, { auth.username, NULL },
			{ auth.uri, NULL }, { auth.response, NULL }, { auth.cnonce, NULL },
			{ auth.nc, NULL }, { auth.domain, NULL }, { auth.stale, NULL },
			{ params.size > 0 ? params : (struct wsip_span){ 0 }, NULL } },
		.numbers = { { auth.is_digest, 1, NULL } },
	};
	return err;
}

static enum wsip_err read_event(struct wsip_span text, struct reading *reading)
{
	struct wsip_event event;
	enum wsip_err err = wsip_event_parse(text, &event);

	*reading = (struct reading){
		.has_params = true,
		.params = event.params,
		.parts = { { event.type, NULL }, { event.id, "id" } },
	};
	return err;
}

static enum wsip_err read_subscription_state(struct wsip_span text, struct reading *reading)
{
	struct wsip_subscription_state state;
	enum wsip_err err = wsip_subscription_state_parse(text, &state);

	*reading = (struct reading){
		.has_params = true,
		.params = state.params,
		.parts = { { state.state, NULL }, { state.reason, "reason" } },
		.numbers = { { state.expires_s, UINT32_MAX, "expires" },
			{ state.retry_after_s, UINT32_MAX, "retry-after" } },
	};
	return err;
}

static enum wsip_err read_reason(struct wsip_span text, struct reading *reading)
{
	struct wsip_reason reason;
	enum wsip_err err = wsip_reason_parse(text, &reason);

	*reading = (struct reading){
		.has_params = true,
		.params = reason.params,
		.parts = { { reason.protocol, NULL }, { reason.text, "text" } },
		.numbers = { { reason.cause, UINT32_MAX, "cause" } },
	};
	return err;
}

static enum wsip_err read_replaces(struct wsip_span text, struct reading *reading)
{
	struct wsip_replaces replaces;
	enum wsip_err err = wsip_replaces_parse(text, &replaces);

	*reading = (struct reading){
		.has_params = true,
		.params = replaces.params,
		.parts = { { replaces.call_id, NULL }, { replaces.to_tag, "to-tag" },
			{ replaces.from_tag, "from-tag" } },
		.numbers = { { replaces.early_only, 1, NULL } },
	};
	must(err || wsip_params_find(replaces.params, "early-only", NULL) == replaces.early_only);
	return err;
}

/* `info` stands in angle brackets, where the walk over other parameters does not follow. */
static enum wsip_err read_identity(struct wsip_span text, struct reading *reading)
{
	struct wsip_identity identity;
	enum wsip_err err = wsip_identity_parse(text, &identity);

	*reading = (struct reading){
		.has_params = true,
		.params = identity.info.data ? (struct wsip_span){ 0 } : identity.params,
		.parts = { { identity.digest, NULL }, { identity.info, NULL },
			{ identity.alg, NULL }, { identity.ppt, NULL } },
	};
	return err;
}

static enum wsip_err read_warning(struct wsip_span text, struct reading *reading)
{
	struct wsip_warning warning;
	enum wsip_err err = wsip_warning_parse(text, &warning);

	*reading = (struct reading){
		.parts = { { warning.agent, NULL }, { warning.text, NULL } },
		.numbers = { { warning.code, 999, NULL } },
	};
	return err;
}

typedef enum wsip_err read_fn(struct wsip_span text, struct reading *reading);

/* Chosen by 'A', 'B', ... in the first byte, and the seeds start so: new ones go to the end. */
static read_fn *const readers[] = {
	read_via,
	read_name_addr,
	read_contact,
	read_diversion,
	read_history_info,
	read_cseq,
	read_rack,
	read_delta,
	read_media_type,
	read_date,
	read_auth,
	read_event,
	read_subscription_state,
	read_reason,
	read_replaces,
	read_identity,
	read_warning,
};

static bool is_within(struct wsip_span part, struct wsip_span text)
{
	return !part.data || (part.data >= text.data && part.size <= text.size &&
				     (size_t)(part.data - text.data) <= text.size - part.size);
}

/* The same octets at the same distance from where the text starts. */
static bool is_same_part(struct wsip_span a, const char *a_text, struct wsip_span b,
	const char *b_text)
{
	return !a.data == !b.data && wsip_span_equal(a, b) &&
	       (!a.data || a.data - a_text == b.data - b_text);
}

static void must_be_same(const struct reading *a, const char *a_text, const struct reading *b,
	const char *b_text)
{
	for (int i = 0; i < PARTS_MAX; i++)
		must(is_same_part(a->parts[i].text, a_text, b->parts[i].text, b_text));
	for (int i = 0; i < NUMBERS_MAX; i++)
		must(a->numbers[i].value == b->numbers[i].value);
}

/* Walks to the end, over no more parameters than there may be. */
static void walk_params(struct wsip_span params)
{
	struct wsip_span rest = params;
	struct wsip_param param;
	enum wsip_err err;
	int count = 0;

	while ((err = wsip_params_next(&rest, &param)) == WSIP_OK) {
		must(is_within(param.name, params) && is_within(param.value, params));
		must(param.name.size > 0 && ++count <= WSIP_PARAMS_MAX);
	}
	must(err == WSIP_ERR_NOT_FOUND && rest.size == 0);
}

/* What the value's own parser says of its parameters is what the walk over them finds. */
static void check_params(const struct reading *reading)
{
	struct wsip_span found;
	uint64_t number;

	walk_params(reading->params);
	for (int i = 0; i < PARTS_MAX; i++) {
		struct wsip_span text = reading->parts[i].text;
		const char *name = reading->parts[i].param;

		if (name && wsip_params_find(reading->params, name, &found))
			must(found.size == text.size && (!text.size || found.data == text.data));
		else if (name)
			must(text.size == 0);
	}
	for (int i = 0; i < NUMBERS_MAX; i++) {
		const char *name = reading->numbers[i].param;

		if (name && wsip_params_find(reading->params, name, &found))
			must(wsip_span_number(found, UINT64_MAX, &number) == WSIP_OK &&
				number == reading->numbers[i].value);
		else if (name)
			must(reading->numbers[i].value == 0);
	}
}

static void check_reading(struct wsip_span text, const struct reading *reading)
{
	must(is_within(reading->params, text));
	for (int i = 0; i < PARTS_MAX; i++)
		must(is_within(reading->parts[i].text, text));
	for (int i = 0; i < NUMBERS_MAX; i++)
		must(reading->numbers[i].value <= reading->numbers[i].max);
	check_params(reading);
}

static void read_without_blanks(read_fn *read, struct wsip_span text, const struct reading *reading)
{
	struct wsip_span trimmed = wsip_span_trim(text);
	struct wsip_span copy = exact_span(trimmed.data, trimmed.size);
	struct reading again;

	must(read(copy, &again) == WSIP_OK);
	must_be_same(reading, trimmed.data, &again, copy.data);
	must(wsip_span_equal(wsip_span_trim(reading->params), again.params));
	free((char *)copy.data);
}

static void read_with_another_param(read_fn *read, struct wsip_span text,
	const struct reading *reading)
{
	static const char more[] = ";x-fuzz=\",;\"";
	char *longer = malloc(text.size + sizeof(more) - 1);
	struct reading again;
	enum wsip_err err;

	memcpy(longer, text.data, text.size);
	memcpy(longer + text.size, more, sizeof(more) - 1);
	err = read((struct wsip_span){ longer, text.size + sizeof(more) - 1 }, &again);
	if (err != WSIP_ERR_LIMIT) {
		must(err == WSIP_OK);
		must_be_same(reading, text.data, &again, longer);
		check_params(&again);
	}
	free(longer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reading reading;
	struct wsip_span text;
	read_fn *read;

	if (size < 1)
		return 0;
	read = readers[(uint8_t)(data[0] - 'A') % (sizeof(readers) / sizeof(readers[0]))];
	text = exact_span(data + 1, size - 1);
	if (read(text, &reading) == WSIP_OK) {
		check_reading(text, &reading);
		read_without_blanks(read, text, &reading);
		if (reading.has_params)
			read_with_another_param(read, text, &reading);
	}
	free((char *)text.data);
	return 0;
}
