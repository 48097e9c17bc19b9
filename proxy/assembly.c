/* SPDX-License-Identifier: MIT */
#include "proxy/assembly.h"

#include <stdio.h>
#include <string.h>

#include "core/request_state.h"

#define T1_MS      500
#define T2_MS      4000
#define T4_MS      5000
#define TIMER_D_MS 32000
#define TIMER_C_MS 181000

/* ---- The order of processing ---- */

/* RFC 3261 10.3 step 1: a REGISTER for another registrar is relayed. The names of our own domains
 * are not configured here, so every name is taken for one, and every address but ours is not. */
static bool is_our_domain(const struct wsip_request *request, const struct wsip_msg *msg)
{
	struct wsip_span route;
	struct wsip_addr addr;
	struct wsip_uri uri;

	if (wsip_msg_header(msg, WSIP_ROUTE, &route) ||
		wsip_uri_parse(wsip_msg_request_uri(msg), &uri) != WSIP_OK)
		return false;
	return wsip_core_is_own_uri(request->core, &uri) ||
	       wsip_addr_parse_ip(uri.host, &addr) != WSIP_OK;
}

static bool take_register(struct wsip_assembly *assembly, struct wsip_request *request)
{
	const struct wsip_msg *msg = wsip_request_msg(request);

	if (!assembly->bindings || wsip_msg_method(msg) != WSIP_REGISTER ||
		!is_our_domain(request, msg))
		return false;
	wsip_registrar_answer(assembly->bindings, request);
	return true;
}

static bool call_handler(struct wsip_assembly *assembly, struct wsip_request *request)
{
	if (assembly->options.on_request)
		assembly->options.on_request(request, assembly->options.user);
	else
		wsip_relay(request, NULL);
	return true;
}

/* Each request goes to the first step that takes it. The relay then asks the route sources in the
 * order in which add_sources lists them. */
static bool (*const steps[])(struct wsip_assembly *assembly, struct wsip_request *request) = {
	take_register,
	call_handler,
};

static void on_request(struct wsip_request *request, void *user)
{
	struct wsip_assembly *assembly = user;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (steps[i](assembly, request))
			return;
	}
}

static void add_sources(struct wsip_assembly *assembly)
{
	if (assembly->bindings)
		assembly->sources[assembly->source_count++] =
			wsip_registrar_source(assembly->bindings);
	assembly->sources[assembly->source_count++] = wsip_targets_source(&assembly->targets);
}

/* ---- Names ---- */

static enum wsip_err complain_alias(struct wsip_proxy_error *error, const char *text)
{
	snprintf(error->text, sizeof(error->text), "alias '%s': expected HOST or HOST:PORT", text);
	return error->err = WSIP_ERR_ARGUMENT;
}

static enum wsip_err add_alias(struct wsip_assembly *assembly, const char *text,
	struct wsip_proxy_error *error)
{
	char uri_text[WSIP_URI_MAX_BYTES];
	struct wsip_uri uri;
	int size = snprintf(uri_text, sizeof(uri_text), "sip:%s", text);

	if (size >= (int)sizeof(uri_text) ||
		wsip_uri_parse(wsip_span_of(uri_text), &uri) != WSIP_OK || uri.user.size > 0 ||
		uri.params.size > 0 || uri.headers.size > 0)
		return complain_alias(error, text);
	assembly->aliases[assembly->alias_count++] = (struct wsip_alias){
		{ text + (uri.host.data - uri_text) - strlen("sip:"), uri.host.size }, uri.port
	};
	return WSIP_OK;
}

/* ---- Beginning and end ---- */

enum wsip_err wsip_assembly_init(struct wsip_assembly *assembly,
	const struct wsip_proxy_options *options, struct wsip_proxy_error *error)
{
	enum wsip_err err;

	*assembly = (struct wsip_assembly){ .options = *options };
	err = wsip_targets_init(&assembly->targets, assembly->options.targets, error);
	for (size_t i = 0; i < WSIP_ALIASES_MAX && options->aliases[i] && !err; i++)
		err = add_alias(assembly, options->aliases[i], error);
	if (!err && options->registrar != WSIP_REGISTRAR_OFF) {
		assembly->bindings = wsip_bindings_create();
		if (!assembly->bindings) {
			snprintf(error->text, sizeof(error->text), "registrar: %s",
				wsip_err_text(WSIP_ERR_MEMORY));
			err = error->err = WSIP_ERR_MEMORY;
		}
	}
	if (!err)
		add_sources(assembly);
	return err;
}

void wsip_assembly_finish(struct wsip_assembly *assembly)
{
	wsip_targets_finish(&assembly->targets);
	wsip_bindings_destroy(assembly->bindings);
}

static uint32_t or_default(uint32_t value, uint32_t fallback)
{
	return value ? value : fallback;
}

struct wsip_core_options wsip_assembly_core_options(struct wsip_assembly *assembly)
{
	const struct wsip_proxy_options *options = &assembly->options;
	uint32_t t1_ms = or_default(options->t1_ms, T1_MS);

	return (struct wsip_core_options){
		.timing = {
			.t1_ms = t1_ms,
			.t2_ms = or_default(options->t2_ms, T2_MS),
			.t4_ms = or_default(options->t4_ms, T4_MS),
			/* RFC 3261 17.1.1.2: as long as the server's Timer H. */
			.timer_d_ms = t1_ms == T1_MS ? TIMER_D_MS : 64 * t1_ms,
		},
		.timer_c_ms = or_default(options->timer_c_ms, TIMER_C_MS),
		.aliases = assembly->aliases,
		.alias_count = assembly->alias_count,
		.sources = assembly->sources,
		.source_count = assembly->source_count,
		.on_request = on_request,
		.user = assembly,
	};
}
