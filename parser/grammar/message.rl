# SPDX-License-Identifier: MIT
# RFC 3261 25.1: Request, Response, their start lines and message-header. A value is sliced, never
# looked into. What a value may hold is wide; CR, LF and NUL end or break a line.

%%{
	machine sip_message;

	SIP_Version = "SIP"i "/" digit{1,2} "." digit{1,2};
	Request_URI = ( 0x21..0xff - 0x7f )+;
	Status_Code = digit{3};
	text = any - [\r\n\0];
	Reason_Phrase = text*;
}%%
