/* SPDX-License-Identifier: MIT
 * A SIP message: read it, edit it. A message borrows the bytes it was parsed from and adds to them
 * what is edited; a span that was read stays true until the message ends, even after the header it
 * came from was changed or removed.
 *
 * A message belongs to the request it came with and is used on the thread of that request only.
 */
#ifndef WIRESIP_MSG_H
#define WIRESIP_MSG_H

#include <wiresip/cseq.h>
#include <wiresip/name_addr.h>
#include <wiresip/param.h>
#include <wiresip/uri.h>
#include <wiresip/via.h>

#pragma GCC visibility push(default)

struct wsip_msg;

enum wsip_method {
	WSIP_METHOD_OTHER,
	WSIP_ACK,
	WSIP_BYE,
	WSIP_CANCEL,
	WSIP_INFO,
	WSIP_INVITE,
	WSIP_MESSAGE,
	WSIP_NOTIFY,
	WSIP_OPTIONS,
	WSIP_PRACK,
	WSIP_PUBLISH,
	WSIP_REFER,
	WSIP_REGISTER,
	WSIP_SUBSCRIBE,
	WSIP_UPDATE,
};

/* Headers known by name; every spelling and compact form of one has the same id. */
enum wsip_header_id {
	WSIP_HEADER_OTHER,
	WSIP_ACCEPT,
	WSIP_ALLOW,
	WSIP_AUTHORIZATION,
	WSIP_CALL_ID,
	WSIP_CONTACT,
	WSIP_CONTENT_LENGTH,
	WSIP_CONTENT_TYPE,
	WSIP_CSEQ,
	WSIP_DATE,
	WSIP_DIVERSION,
	WSIP_EVENT,
	WSIP_EXPIRES,
	WSIP_FROM,
	WSIP_HISTORY_INFO,
	WSIP_IDENTITY,
	WSIP_MAX_BREADTH,
	WSIP_MAX_FORWARDS,
	WSIP_MIN_EXPIRES,
	WSIP_MIN_SE,
	WSIP_P_ASSERTED_IDENTITY,
	WSIP_P_PREFERRED_IDENTITY,
	WSIP_PATH,
	WSIP_PROXY_AUTHENTICATE,
	WSIP_PROXY_AUTHORIZATION,
	WSIP_PROXY_REQUIRE,
	WSIP_RACK,
	WSIP_REASON,
	WSIP_RECORD_ROUTE,
	WSIP_REFER_TO,
	WSIP_REFERRED_BY,
	WSIP_REPLACES,
	WSIP_REPLY_TO,
	WSIP_REQUIRE,
	WSIP_RETRY_AFTER,
	WSIP_ROUTE,
	WSIP_RSEQ,
	WSIP_SERVICE_ROUTE,
	WSIP_SESSION_EXPIRES,
	WSIP_SUBJECT,
	WSIP_SUBSCRIPTION_STATE,
	WSIP_SUPPORTED,
	WSIP_TIMESTAMP,
	WSIP_TO,
	WSIP_UNSUPPORTED,
	WSIP_USER_AGENT,
	WSIP_VIA,
	WSIP_WARNING,
	WSIP_WWW_AUTHENTICATE,
	WSIP_HEADER_IDS, /* how many there are */
};

/* ---- The start line ---- */

bool wsip_msg_is_request(const struct wsip_msg *msg);

/* Of a request. */
enum wsip_method wsip_msg_method(const struct wsip_msg *msg);
struct wsip_span wsip_msg_method_text(const struct wsip_msg *msg);
struct wsip_span wsip_msg_request_uri(const struct wsip_msg *msg);

/* Of a response: 100 to 699, and the reason phrase. */
unsigned int wsip_msg_status(const struct wsip_msg *msg);
struct wsip_span wsip_msg_reason(const struct wsip_msg *msg);

/* ---- Headers ---- */

size_t wsip_msg_header_count(const struct wsip_msg *msg);

/* One header field, in the order of the message. `value` has no blanks around it; a folded one
 * still has its line breaks. */
struct wsip_header {
	enum wsip_header_id id;
	struct wsip_span name;
	struct wsip_span value;
};

/* `index` counts from 0 to wsip_msg_header_count() - 1. */
struct wsip_header wsip_msg_header_at(const struct wsip_msg *msg, size_t index);

/* The value of the first header field with this id or name; false when there is none. */
bool wsip_msg_header(const struct wsip_msg *msg, enum wsip_header_id id, struct wsip_span *value);
bool wsip_msg_header_named(const struct wsip_msg *msg, const char *name, struct wsip_span *value);

/* The elements of a list header, comma-separated or repeated (RFC 3261 7.3.1). Of a header that is
 * no list (Date, Subject, credentials, ...) the fields, each with its commas. */
struct wsip_values {
	const struct wsip_msg *msg;
	enum wsip_header_id id;
	size_t next_header;
	struct wsip_span rest;
};

struct wsip_values wsip_msg_values(const struct wsip_msg *msg, enum wsip_header_id id);
/* WSIP_ERR_NOT_FOUND at the end. */
WSIP_MUST_CHECK enum wsip_err wsip_values_next(struct wsip_values *values, struct wsip_span *value);
/* The same for those of a Via, and of a list of addresses, taken apart. After an error the rest of
 * the field cannot be read. */
WSIP_MUST_CHECK enum wsip_err wsip_values_next_via(struct wsip_values *values,
	struct wsip_via *via);
WSIP_MUST_CHECK enum wsip_err wsip_values_next_name_addr(struct wsip_values *values,
	struct wsip_name_addr *name_addr);

struct wsip_span wsip_msg_body(const struct wsip_msg *msg);

/* Whether one of the values of a list of tokens (Allow, Supported, Require, Proxy-Require,
 * Unsupported) is this one, in any case. */
bool wsip_msg_has_token(const struct wsip_msg *msg, enum wsip_header_id id, const char *token);

/* ---- Typed values. A header's value is taken apart when someone asks, by the function of its
 * type:
 *
 *   Via                                                        wsip_via_parse          via.h
 *   From, To, Route, Record-Route, Path, Service-Route,
 *   Refer-To, Referred-By, Reply-To, P-Asserted-Identity,
 *   P-Preferred-Identity                                       wsip_name_addr_parse    name_addr.h
 *   Contact                                                    wsip_contact_parse      contact.h
 *   Diversion, History-Info               wsip_diversion_parse, wsip_history_info_parse
 *   CSeq, RAck                                      wsip_cseq_parse, wsip_rack_parse
 *   Max-Breadth, Max-Forwards, Expires, Min-Expires,
 *   Content-Length, RSeq                                       wsip_msg_number         here
 *   Retry-After, Session-Expires, Min-SE                       wsip_delta_parse        delta.h
 *   Content-Type, Accept                                       wsip_media_type_parse   media_type.h
 *   Date                                                       wsip_date_parse         date.h
 *   Allow, Supported, Require, Proxy-Require, Unsupported      wsip_msg_has_token      here
 *   Authorization, Proxy-Authorization, WWW-Authenticate,
 *   Proxy-Authenticate                                         wsip_auth_parse         auth.h
 *   Event, Subscription-State      wsip_event_parse, wsip_subscription_state_parse     event.h
 *   Reason, Replaces, Identity, Warning       wsip_reason_parse, ... of the header of that name
 *
 * The functions below find the header and read it; WSIP_ERR_NOT_FOUND when it is absent. ---- */

WSIP_MUST_CHECK enum wsip_err wsip_msg_top_via(const struct wsip_msg *msg, struct wsip_via *via);
WSIP_MUST_CHECK enum wsip_err wsip_msg_from(const struct wsip_msg *msg,
	struct wsip_name_addr *from);
WSIP_MUST_CHECK enum wsip_err wsip_msg_to(const struct wsip_msg *msg, struct wsip_name_addr *to);
/* Empty when absent. */
struct wsip_span wsip_msg_call_id(const struct wsip_msg *msg);
WSIP_MUST_CHECK enum wsip_err wsip_msg_cseq(const struct wsip_msg *msg, struct wsip_cseq *cseq);
/* Of Max-Breadth, Max-Forwards, Expires, Min-Expires, Content-Length and RSeq. WSIP_ERR_SYNTAX when
 * it is no number or the header has none, WSIP_ERR_LIMIT when it is larger than that header allows.
 */
WSIP_MUST_CHECK enum wsip_err wsip_msg_number(const struct wsip_msg *msg, enum wsip_header_id id,
	uint32_t *number);
WSIP_MUST_CHECK enum wsip_err wsip_msg_max_forwards(const struct wsip_msg *msg,
	uint32_t *max_forwards);
WSIP_MUST_CHECK enum wsip_err wsip_msg_expires(const struct wsip_msg *msg, uint32_t *seconds);

/* ---- Editing. Via, Record-Route and Max-Forwards are seen to by the relay; what else is done to
 * them is yours to answer for. What is passed in is copied. A value with CR, LF or NUL is refused
 * with WSIP_ERR_ARGUMENT; WSIP_ERR_LIMIT and WSIP_ERR_MEMORY leave the message as it was. ---- */

WSIP_MUST_CHECK enum wsip_err wsip_msg_set_request_uri(struct wsip_msg *msg, struct wsip_span uri);
WSIP_MUST_CHECK enum wsip_err wsip_msg_set_status(struct wsip_msg *msg, unsigned int status,
	struct wsip_span reason);

/* Adds a header field behind the last one of that name, or at the end. */
WSIP_MUST_CHECK enum wsip_err wsip_msg_add(struct wsip_msg *msg, const char *name,
	struct wsip_span value);
/* Adds it in front of the first one of that name, or in front of all headers. */
WSIP_MUST_CHECK enum wsip_err wsip_msg_prepend(struct wsip_msg *msg, const char *name,
	struct wsip_span value);
/* Removes all fields of that name in every spelling, then adds one, in the place of the first. */
WSIP_MUST_CHECK enum wsip_err wsip_msg_set(struct wsip_msg *msg, const char *name,
	struct wsip_span value);
/* Removes all fields of that name in every spelling; returns how many. */
size_t wsip_msg_remove(struct wsip_msg *msg, const char *name);
/* Adds an element to the end of a list header, to its last field or in a field of its own. */
WSIP_MUST_CHECK enum wsip_err wsip_msg_append_value(struct wsip_msg *msg, enum wsip_header_id id,
	struct wsip_span value);
/* Adds ";name=value" to the first element of a header, or ";name" when `value` is empty;
 * WSIP_ERR_NOT_FOUND without such a header. That it is not there yet is yours to know. */
WSIP_MUST_CHECK enum wsip_err wsip_msg_append_param(struct wsip_msg *msg, enum wsip_header_id id,
	const char *name, struct wsip_span value);
/* Removes the first element of a list header; WSIP_ERR_NOT_FOUND when there is none. */
WSIP_MUST_CHECK enum wsip_err wsip_msg_remove_first_value(struct wsip_msg *msg,
	enum wsip_header_id id);
/* Sets Content-Length, and Content-Type unless `content_type` is NULL. */
WSIP_MUST_CHECK enum wsip_err wsip_msg_set_body(struct wsip_msg *msg, const char *content_type,
	struct wsip_span body);

#pragma GCC visibility pop
#endif
