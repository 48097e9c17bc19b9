/* SPDX-License-Identifier: MIT */
#include "bench/load/mark.h"

static void write_word(char *text, uint32_t word)
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 7; i >= 0; i--) {
		text[i] = digits[word & 15];
		word >>= 4;
	}
}

void wsip_mark_write(char *text, struct wsip_mark mark)
{
	write_word(text, mark.run);
	text[8] = '-';
	write_word(text + 9, mark.slot);
	text[17] = '-';
	write_word(text + 18, mark.generation);
}

/* All digits are looked at before any is judged: the usual text has no other. */
static enum wsip_err read_word(const char *text, uint32_t *word)
{
	uint32_t wrong = 0;

	*word = 0;
	for (int i = 0; i < 8; i++) {
		uint32_t c = (unsigned char)text[i];
		uint32_t letter = (c | 32) - 'a';
		uint32_t digit = c - '0';

		wrong |= digit > 9 && letter > 5;
		*word = *word << 4 | ((digit <= 9 ? digit : letter + 10) & 15);
	}
	return wrong ? WSIP_ERR_SYNTAX : WSIP_OK;
}

enum wsip_err wsip_mark_read(struct wsip_span text, struct wsip_mark *mark)
{
	if (text.size < WSIP_MARK_BYTES || text.data[8] != '-' || text.data[17] != '-')
		return WSIP_ERR_SYNTAX;
	if (read_word(text.data, &mark->run) || read_word(text.data + 9, &mark->slot))
		return WSIP_ERR_SYNTAX;
	return read_word(text.data + 18, &mark->generation);
}
