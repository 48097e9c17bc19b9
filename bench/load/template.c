/* SPDX-License-Identifier: MIT */
#include "bench/load/template.h"

#include <stdarg.h>
#include <stdio.h>

_Static_assert(sizeof(WSIP_TEMPLATE_MARK) - 1 == WSIP_MARK_BYTES, "a mark takes its own place");

static enum wsip_err find_marks(struct wsip_template *template)
{
	const char *found = template->text;

	template->mark_count = 0;
	while ((found = strstr(found, WSIP_TEMPLATE_MARK)) != NULL) {
		if (template->mark_count == WSIP_TEMPLATE_MARKS)
			return WSIP_ERR_LIMIT;
		template->marks[template->mark_count++] = (uint16_t)(found - template->text);
		found += WSIP_MARK_BYTES;
	}
	return WSIP_OK;
}

enum wsip_err wsip_template_init(struct wsip_template *template, const char *format, ...)
{
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(template->text, sizeof(template->text), format, arguments);
	va_end(arguments);
	if (size < 0 || (size_t)size >= sizeof(template->text))
		return WSIP_ERR_LIMIT;
	template->size = (uint16_t)size;
	return find_marks(template);
}

void wsip_template_write(const struct wsip_template *template, struct wsip_writer *writer,
	const char mark[WSIP_MARK_BYTES])
{
	char *text = writer->at;

	wsip_write(writer, (struct wsip_span){ template->text, template->size });
	if (writer->full)
		return;
	for (uint16_t i = 0; i < template->mark_count; i++)
		memcpy(text + template->marks[i], mark, WSIP_MARK_BYTES);
}
