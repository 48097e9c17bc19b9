/* SPDX-License-Identifier: MIT
 * Every error has a text of its own, without a final full stop, and an unknown one has a text too.
 */
#include <criterion/criterion.h>

#include <string.h>

#include <wiresip/err.h>

Test(err, every_error_has_its_own_text)
{
	for (int i = WSIP_OK; i <= WSIP_ERR_SYSTEM; i++) {
		const char *text = wsip_err_text((enum wsip_err)i);

		cr_assert(text && *text, "error %d", i);
		cr_expect(text[strlen(text) - 1] != '.', "%s", text);
		for (int k = WSIP_OK; k < i; k++)
			cr_expect(strcmp(text, wsip_err_text((enum wsip_err)k)) != 0, "%s", text);
		cr_expect(strcmp(text, wsip_err_text((enum wsip_err)1000)) != 0, "%s", text);
	}
}

Test(err, an_unknown_error_is_never_null)
{
	cr_expect(wsip_err_text((enum wsip_err)1000) != NULL);
	cr_expect(wsip_err_text((enum wsip_err) - 1) != NULL);
}
