/* SPDX-License-Identifier: MIT
 * RFC 3261 16.3: what a request is refused for before it goes anywhere, and 11: what is asked of
 * the proxy itself.
 */
#include "core/loop.h"
#include "core/max_breadth.h"
#include "core/request_state.h"
#include "core/text.h"

static enum wsip_err refuse(struct wsip_request *request, unsigned int status)
{
	enum wsip_err err = wsip_request_answer(request, status, NULL);

	return err ? err : WSIP_ERR_UNREACHABLE;
}

/* RFC 3261 16.3 step 2. sips: is among the unknown ones until there is TLS: it is refused, and
 * never goes on as sip: (RFC 5630 3.1.3). */
static bool has_known_scheme(const struct wsip_msg *request)
{
	struct wsip_span uri = wsip_msg_request_uri(request); /* which was parsed before */

	return uri.size > 4 && wsip_span_is_nocase((struct wsip_span){ uri.data, 4 }, "sip:");
}

/* RFC 3261 16.3 step 5: no extension is known here, so each one that is required of proxies is
 * refused by name. */
static enum wsip_err refuse_extensions(struct wsip_request *request)
{
	struct wsip_buf *list = wsip_text_join_values(&request->core->bufs, request->msg,
		WSIP_PROXY_REQUIRE);
	struct wsip_answer_header unsupported = { .name = "Unsupported" };
	enum wsip_err err;

	if (list)
		unsupported.value = (struct wsip_span){ list->data, list->used };
	err = wsip_request_answer_with(request,
		&(struct wsip_answer){
			.status = 420, .headers = &unsupported, .header_count = list ? 1 : 0 });
	wsip_buf_unref(list);
	return err ? err : WSIP_ERR_UNREACHABLE;
}

/* RFC 3261 11: an OPTIONS that names nobody behind us asks what we can do. */
static bool is_for_ourselves(const struct wsip_request *request)
{
	const struct wsip_msg *msg = request->msg;
	struct wsip_span route;
	struct wsip_uri uri;

	return wsip_msg_method(msg) == WSIP_OPTIONS && !request->relay.options.destination &&
	       request->relay.options.target_count == 0 &&
	       !wsip_msg_header(msg, WSIP_ROUTE, &route) &&
	       wsip_uri_parse(wsip_msg_request_uri(msg), &uri) == WSIP_OK && uri.user.size == 0 &&
	       wsip_core_is_own_uri(request->core, &uri);
}

/* RFC 3261 11.2. Bodies are nothing to us, and any method is relayed. */
static enum wsip_err answer_options(struct wsip_request *request)
{
	static const char allowed[] = "ACK, BYE, CANCEL, INFO, INVITE, MESSAGE, NOTIFY, OPTIONS, "
				      "PRACK, PUBLISH, REFER, REGISTER, SUBSCRIBE, UPDATE";
	static const struct wsip_answer_header headers[] = {
		{ "Allow", { allowed, sizeof(allowed) - 1 } },
		{ "Accept", { "*/*", 3 } },
	};

	if (wsip_request_is_merged(request))
		return refuse(request, 482); /* RFC 3261 8.2.2.2 */
	return wsip_request_answer_with(request,
		&(struct wsip_answer){ .status = 200, .headers = headers, .header_count = 2 });
}

bool wsip_admit(struct wsip_request *request, enum wsip_err *err)
{
	struct wsip_span proxy_require;
	uint32_t max_forwards;
	unsigned int status = 0;

	*err = WSIP_OK;
	if (is_for_ourselves(request))
		*err = answer_options(request);
	else if (!has_known_scheme(request->msg))
		status = 416;
	/* RFC 3261 16.3 step 3. */
	else if (wsip_msg_max_forwards(request->msg, &max_forwards) == WSIP_OK && max_forwards == 0)
		status = 483;
	/* RFC 3261 16.3 step 4, RFC 5393 4.2.2. */
	else if (wsip_loop_closes(request->core, request->msg, request->loop_hash))
		status = 482;
	else if (request->server && request->relay.breadth == 0)
		status = 440; /* RFC 5393 5.3.3.2 */
	else if (request->server &&
		 wsip_msg_header(request->msg, WSIP_PROXY_REQUIRE, &proxy_require))
		*err = refuse_extensions(request);
	else
		return true;
	if (status)
		*err = refuse(request, status);
	return false;
}
