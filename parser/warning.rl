/* SPDX-License-Identifier: MIT
 * One Warning value -> struct wsip_warning (RFC 3261 20.43, 25.1: warning-value).
 */
#include <wiresip/warning.h>

#include "parser/marks.h"
#include "parser/scan.h"

%%{
	machine wsip_warning;
	include sip_basic "grammar/basic.rl";
	include sip_host "grammar/host.rl";
	include sip_param "grammar/param.rl";
	include sip_uri_parts "grammar/uri.rl";
	include sip_runs "parts/runs.rl";

	action mark { mark = p; }
	action code { code = wsip_span_between(mark, p); }
	action agent { warning->agent = wsip_span_between(mark, p); }
	action text { warning->text = wsip_span_between(mark, p); }

	# hostport, with a port of any size, or a pseudonym.
	warn_agent = ( ( hostname | IPv6reference ) ( ":" digit+ )? ) | token;

	main := SWS digit{3} >mark %code " " warn_agent >mark %agent " " quoted_run >mark %text SWS;

	write data noerror noentry;
}%%

enum wsip_err wsip_warning_parse(struct wsip_span value, struct wsip_warning *warning)
{
	const unsigned char *p = (const unsigned char *)value.data;
	const unsigned char *pe = p + value.size;
	const unsigned char *eof = pe;
	const unsigned char *mark = p;
	struct wsip_span code = { 0 };
	enum wsip_err err;
	int cs;

	*warning = (struct wsip_warning){ 0 };
	%% write init;
	%% write exec;
	err = wsip_value_end(cs >= wsip_warning_first_final, false, 0);
	if (!err)
		err = wsip_uint32_parse(code, &warning->code);
	return err;
}
