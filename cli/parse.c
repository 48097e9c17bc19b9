/* SPDX-License-Identifier: MIT
 * wiresip parse: what the proxy thinks of a message, without a proxy.
 */
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "parser/msg.h"

static const char usage[] =
	"Usage: wiresip parse [--json] FILE...\n"
	"\n"
	"Reads each FILE ('-': standard input) as one datagram (lines end in CR LF) and prints,\n"
	"separated by tabs,\n"
	"\n"
	"  FILE  accept|reject  CODE  reason\n"
	"\n"
	"where CODE is the SIP status that the proxy would answer with, or '-'.\n"
	"\n"
	"  --json   print the message as the parser sees it, one JSON object a line\n"
	"  --help   this text\n"
	"\n"
	"Exit status: 0 when all were accepted, 1 when one was not, 2 for a wrong call.\n";

enum { OPT_JSON = 256, OPT_HELP };

static const struct option long_options[] = {
	{ "json", no_argument, NULL, OPT_JSON },
	{ "help", no_argument, NULL, OPT_HELP },
	{ NULL, 0, NULL, 0 },
};

/* JSON is UTF-8. Bytes that are not become the characters of Latin-1. */
static json_t *text_of(struct wsip_span span)
{
	json_t *text = json_stringn(span.data ? span.data : "", span.size);
	char *latin1, *out;

	if (text)
		return text;
	latin1 = out = calloc(2, span.size + 1);
	if (!latin1)
		return NULL;
	for (size_t i = 0; i < span.size; i++) {
		unsigned char c = (unsigned char)span.data[i];

		if (c >= 0x80)
			*out++ = (char)(0xc0 | c >> 6);
		*out++ = (char)(c >= 0x80 ? 0x80 | (c & 0x3f) : c);
	}
	text = json_stringn(latin1, (size_t)(out - latin1));
	free(latin1);
	return text;
}

static json_t *headers_of(const struct wsip_msg *msg)
{
	json_t *headers = json_array();

	for (size_t i = 0; i < wsip_msg_header_count(msg); i++) {
		struct wsip_header header = wsip_msg_header_at(msg, i);
		json_t *one = json_object();

		json_object_set_new(one, "name", text_of(header.name));
		if (header.id != WSIP_HEADER_OTHER)
			json_object_set_new(one, "known_as",
				json_string(wsip_header_name(header.id)));
		json_object_set_new(one, "value", text_of(header.value));
		json_array_append_new(headers, one);
	}
	return headers;
}

static void print_json(const char *name, const struct wsip_msg *msg,
	const struct wsip_problem *problem)
{
	json_t *object = json_object();

	json_object_set_new(object, "file", text_of(wsip_span_of(name)));
	json_object_set_new(object, "verdict", json_string(problem->status ? "reject" : "accept"));
	if (problem->status) {
		json_object_set_new(object, "reason", json_string(problem->reason));
		json_object_set_new(object, "offset", json_integer(problem->offset));
	}
	if (wsip_msg_is_request(msg)) {
		json_object_set_new(object, "method", text_of(wsip_msg_method_text(msg)));
		json_object_set_new(object, "request_uri", text_of(wsip_msg_request_uri(msg)));
	} else if (wsip_msg_status(msg)) {
		json_object_set_new(object, "status", json_integer(wsip_msg_status(msg)));
		json_object_set_new(object, "reason_phrase", text_of(wsip_msg_reason(msg)));
	}
	if (msg->buf) {
		json_object_set_new(object, "headers", headers_of(msg));
		json_object_set_new(object, "body", text_of(wsip_msg_body(msg)));
	}
	json_dumpf(object, stdout, JSON_COMPACT);
	putchar('\n');
	json_decref(object);
}

/* A response is never answered, nor is what has no Via to answer to. */
static bool is_answered(const struct wsip_msg *msg)
{
	struct wsip_via via;
	struct wsip_span value;

	if (!msg->buf || wsip_msg_is_response(msg))
		return false;
	return wsip_msg_top_via(msg, &via) == WSIP_OK && wsip_msg_header(msg, WSIP_FROM, &value) &&
	       wsip_msg_header(msg, WSIP_TO, &value) &&
	       wsip_msg_header(msg, WSIP_CALL_ID, &value) &&
	       wsip_msg_header(msg, WSIP_CSEQ, &value) && msg->method != WSIP_ACK;
}

static void print_line(const char *name, const struct wsip_msg *msg,
	const struct wsip_problem *problem)
{
	if (problem->status == 0)
		printf("%s\taccept\t-\t-\n", name);
	else if (is_answered(msg))
		printf("%s\treject\t%u\t%s\n", name, problem->status, problem->reason);
	else
		printf("%s\treject\t-\t%s\n", name, problem->reason);
}

/* Of what is no message at all. */
static const char *what_is_wrong(const struct wsip_buf *buf)
{
	if (buf->used == 0)
		return "Empty";
	if (memchr(buf->data, '\n', buf->used) && !memmem(buf->data, buf->used, "\r\n", 2))
		return "Lines End In LF, Not In CR LF";
	return "Not A SIP Message";
}

static int judge(const char *name, struct wsip_buf *buf, bool json)
{
	struct wsip_problem problem = { 400, what_is_wrong(buf), 0 };
	struct wsip_msg *msg = calloc(1, sizeof(*msg));

	if (!msg)
		return wsip_command_complain("parse", "out of memory");
	if (wsip_msg_parse(msg, buf) == WSIP_OK)
		problem = wsip_msg_check(msg);
	if (json)
		print_json(name, msg, &problem);
	else
		print_line(name, msg, &problem);
	wsip_msg_finish(msg);
	free(msg);
	return problem.status ? EXIT_BAD : EXIT_GOOD;
}

static int parse_stream(const char *name, FILE *file, struct wsip_buf_pool *pool, bool json)
{
	struct wsip_buf *buf = wsip_buf_get(pool, WSIP_MESSAGE_MAX_BYTES + 1);
	int status;

	if (!buf)
		return wsip_command_complain("parse", "out of memory");
	buf->used = (uint32_t)fread(buf->data, 1, WSIP_MESSAGE_MAX_BYTES + 1, file);
	if (ferror(file))
		status = wsip_command_complain("parse", "cannot read '%s'", name);
	else if (buf->used > WSIP_MESSAGE_MAX_BYTES)
		status = wsip_command_complain("parse", "'%s' is longer than a datagram can be",
			name);
	else
		status = judge(name, buf, json);
	wsip_buf_unref(buf);
	return status;
}

static int parse_file(const char *name, struct wsip_buf_pool *pool, bool json)
{
	FILE *file;
	int status;

	if (strcmp(name, "-") == 0)
		return parse_stream(name, stdin, pool, json);
	file = fopen(name, "rb");
	if (!file)
		return wsip_command_complain("parse", "cannot open '%s': %m", name);
	status = parse_stream(name, file, pool, json);
	fclose(file);
	return status;
}

int wsip_command_parse(int argc, char **argv)
{
	struct wsip_buf_pool pool;
	bool json = false;
	int option, worst = EXIT_GOOD;

	opterr = 0;
	optind = 1;
	while ((option = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
		if (option == OPT_HELP || option == 'h') {
			fputs(usage, stdout);
			return EXIT_GOOD;
		}
		if (option != OPT_JSON)
			return wsip_command_bad_option("parse", option, argv);
		json = true;
	}
	if (optind == argc)
		return wsip_command_complain("parse", "no FILE");
	wsip_buf_pool_init(&pool);
	for (int i = optind; i < argc; i++) {
		int status = parse_file(argv[i], &pool, json);

		if (status > worst)
			worst = status;
	}
	wsip_buf_pool_finish(&pool);
	return worst;
}
