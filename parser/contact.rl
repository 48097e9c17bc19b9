/* SPDX-License-Identifier: MIT
 * One Contact value -> struct wsip_contact (RFC 3261 20.10, 25.1: contact-param; RFC 5626 and 5627).
 */
#include <wiresip/contact.h>

#include "parser/marks.h"
#include "parser/scan.h"
#include "parser/qvalue.h"

%%{
	machine wsip_contact;
	include sip_basic "grammar/basic.rl";
	include sip_host "grammar/host.rl";
	include sip_param "grammar/param.rl";
	include sip_uri_parts "grammar/uri.rl";
	include sip_runs "parts/runs.rl";
	include sip_header_params "parts/params.rl";
	include sip_address "parts/address.rl";

	action q { twice |= wsip_span_take(&q, mark, p); }
	action expires { twice |= wsip_span_take(&expires, mark, p); }
	action instance { twice |= wsip_span_take(&contact->instance, mark, p); }
	action reg_id { twice |= wsip_span_take(&reg_id, mark, p); }

	c_p_q = "q"i EQUAL plain_value_run >mark %q;
	c_p_expires = "expires"i EQUAL value_run >mark %expires;
	# RFC 5626 4.1: the instance-id in angle brackets, in quotes. The brackets get forgotten.
	# A backslash would escape what ends it, so there is none.
	instance_char = uri_char - "\\";
	instance_val = ( param_value_char $scan_value | ( instance_char - param_value_char ) )+;
	c_p_instance = "+sip.instance"i EQUAL '"' "<"? instance_val >mark %instance ">"? '"';
	c_p_reg = "reg-id"i EQUAL digit+ >mark %reg_id;
	known = "q"i | "expires"i | "+sip.instance"i | "reg-id"i;
	contact_extension = ( token - known ) param_rest;
	contact_params = c_p_q | c_p_expires | c_p_instance | c_p_reg | contact_extension;

	main := address ( param_start contact_params )* SWS;

	write data noerror noentry;
}%%

/* RFC 3261 20.10: malformed values SHOULD be treated as equivalent to 3600. */
static void read_expires(struct wsip_span text, struct wsip_contact *contact)
{
	uint64_t seconds;

	contact->has_expires = true;
	if (wsip_span_number(text, WSIP_EXPIRES_MAX, &seconds) != WSIP_OK)
		seconds = WSIP_CONTACT_EXPIRES_MALFORMED;
	contact->expires_s = (uint32_t)seconds;
}

enum wsip_err wsip_contact_parse(struct wsip_span value, struct wsip_contact *contact)
{
	const unsigned char *p = (const unsigned char *)value.data;
	const unsigned char *pe = p + value.size;
	const unsigned char *eof = pe;
	const unsigned char *mark = p, *params = NULL;
	struct wsip_name_addr *address = &contact->address;
	struct wsip_span q = { 0 }, expires = { 0 }, reg_id = { 0 };
	bool twice = false;
	int param_count = 0;
	enum wsip_err err;
	int cs;

	*contact = (struct wsip_contact){ .q = WSIP_Q_MAX };
	contact->is_star = wsip_span_is(wsip_span_trim(value), "*");
	if (contact->is_star)
		return WSIP_OK;
	%% write init;
	%% write exec;
	err = wsip_value_end(cs >= wsip_contact_first_final, twice, param_count);
	contact->address.params = wsip_params_span(params, pe);
	if (!err && q.data)
		err = wsip_qvalue_parse(q, &contact->q);
	if (!err && expires.data)
		read_expires(expires, contact);
	if (!err && reg_id.data)
		err = wsip_uint32_parse(reg_id, &contact->reg_id);
	/* RFC 5626 4.2: reg-id starts at 1. */
	if (!err && reg_id.data && contact->reg_id == 0)
		err = WSIP_ERR_SYNTAX;
	return err;
}
