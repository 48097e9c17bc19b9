#!/bin/sh
# SPDX-License-Identifier: MIT
# conformance.sh [check]: writes docs/CONFORMANCE.md to standard output: each clause of
# docs/clauses.txt, where the code names it in a comment ("RFC 3261 16.7 step 5"), which tests are
# named after it. With check: says what clause has no code or no test, and fails for one.
set -eu
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")/.."
mode=${1:-write}

# Prints "clause <TAB> file <TAB> function" for each mention in a comment of the library. A comment at
# the left edge is about the function below, another one about the one around.
mentions() {
	awk '
	function mention(name) {
		if (!((name, FILENAME, fn) in seen)) {
			seen[name, FILENAME, fn] = 1
			print name "\t" FILENAME "\t" fn
		}
	}
	function mention_section(rfc, section, next_token) {
		if (next_token !~ /^steps?$/)
			mention(rfc " " section)
	}
	# "RFC 3261 17.1.1.2 and 17.1.1.3", "RFC 3261 16.7 step 5 and step 6", "RFC 3581 4"
	function read_comment(text,    tokens, count, i, rfc, section, token) {
		gsub(/[,;:()]/, " ", text)
		count = split(text, tokens, /[ \t*\/]+/)
		for (i = 1; i <= count; i++) {
			token = tokens[i]
			sub(/\.$/, "", token)
			if (token == "RFC" && tokens[i + 1] ~ /^[0-9]+$/) {
				rfc = tokens[++i]
				section = tokens[i + 1]
				sub(/\.$/, "", section)
				if (section !~ /^[0-9]+(\.[0-9]+)*$/)
					continue
				i++
				mention_section(rfc, section, tokens[i + 1])
			} else if (rfc && token ~ /^[0-9]+(\.[0-9]+)+$/) {
				section = token
				mention_section(rfc, section, tokens[i + 1])
			} else if (section && (token == "step" || token == "steps")) {
				token = tokens[i + 1]
				sub(/\.$/, "", token)
				mention(rfc " " section " " token)
			}
		}
	}
	FNR == 1 { fn = ""; waiting = ""; inside = 0 }
	{
		line = $0
		if (!inside && match(line, /\/\*/)) {
			inside = 1
			left = RSTART == 1
			comment = ""
		}
		if (inside)
			comment = comment " " line
		if (inside && line ~ /\*\//) {
			inside = 0
			if (left && FNR > 8)
				waiting = waiting " " comment
			else
				read_comment(comment)
			next
		}
		if (inside)
			next
		if (line ~ /^[a-z].*[a-z0-9_]\(/ || line ~ /^(static )?(const )?struct .*= \{/) {
			fn = line
			sub(/\(.*/, "", fn)
			sub(/ = \{.*/, "", fn)
			sub(/\[.*/, "", fn)
			sub(/.*[ *]/, "", fn)
			if (waiting) {
				read_comment(waiting)
				waiting = ""
			}
		} else if (line ~ /^[#a-z}]/ && waiting) {
			fn = ""
			read_comment(waiting)
			waiting = ""
		}
	}' core/*.c core/refusals.h transport/*.c registrar/*.c proxy/*.c parser/*.c
}

# Prints "suite <TAB> file <TAB> number of tests".
suites() {
	grep -oE '^Test\(rfc[0-9_]+' tests/unit/*_test.c tests/scenario/*_test.c tests/testkit/*_test.c \
		tests/torture/*_test.c |
		sed 's/:Test(/ /' | sort | uniq -c | awk '{ print $3 "\t" $2 "\t" $1 }'
}

lists=$(mktemp -d)
trap 'rm -rf "$lists"' EXIT
mentions >"$lists/code"
suites >"$lists/tests"

awk -F'|' -v mode="$mode" -v code_file="$lists/code" -v test_file="$lists/tests" '
function trim(text) {
	gsub(/^ +| +$/, "", text)
	return text
}
function load(    line, part) {
	while ((getline line < code_file) > 0) {
		split(line, part, "\t")
		if (!(part[1] in code))
			names_in_order[++name_count] = part[1]
		code[part[1]] = code[part[1]] (code[part[1]] ? "<br>" : "") part[2] (part[3] ? " `" part[3] "`" : "")
	}
	while ((getline line < test_file) > 0) {
		split(line, part, "\t")
		tests[part[1]] = tests[part[1]] (tests[part[1]] ? "<br>" : "") part[2] " `" part[1] "` (" part[3] ")"
	}
}
# The clause itself, else its subsections.
function code_of(key,    i, all) {
	if (key in code)
		return code[key]
	for (i = 1; i <= name_count; i++)
		if (index(names_in_order[i], key ".") == 1)
			all = all (all ? "<br>" : "") code[names_in_order[i]]
	return all
}
function say(text) {
	if (mode == "write")
		print text
}
function complain(text) {
	if (mode == "check")
		print text
	bad = 1
}
BEGIN {
	load()
	say("# Conformance\n")
	say("What Wiresip does of each clause, where, and which tests show it. `make conformance` writes this page")
	say("from [clauses.txt](clauses.txt), the comments in the code that name a clause, and the test suites that")
	say("are named after one (`rfc3261_16_7_5` is RFC 3261 section 16.7 step 5; how many tests it has is in")
	say("brackets). `make check` runs them all, and fails when this page is out of date or a clause has no code or")
	say("no test.")
}
/^#/ || NF < 6 { next }
{
	rfc = $1
	key = rfc " " $2 ($3 ? " " $3 : "")
	suite = "rfc" rfc "_" $2 ($3 ? "_" $3 : "")
	gsub(/\./, "_", suite)
	count = split(trim($4) ? trim($4) : suite, names, " ")
	shown = ""
	for (i = 1; i <= count; i++)
		if (tests[names[i]])
			shown = shown (shown ? "<br>" : "") tests[names[i]]
	needed = $6 !~ /^not applicable/
	if (needed && !shown)
		complain("RFC " key ": no test")
	if (needed && !code_of(key))
		complain("RFC " key ": no code names it")
	if (rfc != last_rfc) {
		say("\n## RFC " rfc "\n")
		say("| Clause | Rule | Code | Tests | Deviation |")
		say("|---|---|---|---|---|")
	}
	last_rfc = rfc
	say("| " $2 ($3 ? " step " $3 : "") " | " trim($5) " | " code_of(key) " | " shown " | " trim($6) " |")
}
END { exit mode == "check" && bad }' docs/clauses.txt
