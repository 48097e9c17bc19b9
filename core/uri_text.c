/* SPDX-License-Identifier: MIT */
#include "core/uri_text.h"

#include <wiresip/param.h>

#include "core/text.h"

static bool is_one_of(struct wsip_span name, const char *const *names)
{
	while (*names && !wsip_span_is_nocase(name, *names))
		names++;
	return *names != NULL;
}

static void add_params(struct wsip_text *text, const struct wsip_uri *uri,
	const char *const *without)
{
	struct wsip_span rest = uri->params;
	struct wsip_param param;

	while (wsip_params_next(&rest, &param) == WSIP_OK) {
		if (is_one_of(param.name, without))
			continue;
		wsip_text_add(text, ";");
		wsip_text_add_span(text, param.name);
		wsip_text_add(text, param.value.size ? "=" : "");
		wsip_text_add_span(text, param.value);
	}
}

static void add_user(struct wsip_text *text, const struct wsip_uri *uri)
{
	if (uri->user.size == 0)
		return;
	wsip_text_add_span(text, uri->user);
	wsip_text_add(text, uri->password.size ? ":" : "");
	wsip_text_add_span(text, uri->password);
	wsip_text_add(text, "@");
}

struct wsip_buf *wsip_uri_text(struct wsip_buf_pool *pool, const struct wsip_uri *uri,
	const char *const *without)
{
	struct wsip_text text = wsip_text_begin(pool,
		uri->user.size + uri->password.size + uri->host.size + uri->params.size + 32);

	wsip_text_add_span(&text, uri->scheme_name);
	wsip_text_add(&text, ":");
	add_user(&text, uri);
	wsip_text_add_span(&text, uri->host);
	if (uri->port) {
		wsip_text_add(&text, ":");
		wsip_text_add_number(&text, uri->port);
	}
	add_params(&text, uri, without);
	return wsip_text_end(&text);
}
