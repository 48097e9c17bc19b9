#!/bin/sh
# SPDX-License-Identifier: MIT
# cover.sh BUILD: line coverage of each folder of the library after the tests ran, by gcov, and the
# lines that no test reached of each file below 95%. A line is covered if any code that it stands for
# ran, in whichever program and object: code in a header or a grammar is compiled into several, and a
# test may include a file. An object that no test links counts too. Of a machine the lines of its
# .rl files count, actions and host, and not the transitions that ragel made of them.
set -eu
build=$(cd "$1" && pwd)
top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top"
find "$build" -name '*.gcno' -exec gcov -t -r -s "$top" {} + 2>/dev/null | awk '
	/^ *-: *0:Source:/ {
		file = $0
		sub(/^[^S]*Source:/, "", file)
		wanted = file ~ /^(base|parser|core|transport|registrar|router|proxy)\/.*\.(c|h|rl)$/
		next
	}
	wanted && match($0, /^ *[^:]*: *[0-9]+:/) {
		split($0, part, ":")
		gsub(/ /, "", part[1])
		if (part[1] == "-" || part[2] + 0 == 0)
			next
		line = file SUBSEP (part[2] + 0)
		if (!(line in hit)) {
			hit[line] = 0
			lines[file]++
			if (part[2] + 0 > last[file])
				last[file] = part[2] + 0
		}
		if (part[1] !~ /^[#=]/ && !hit[line]) {
			hit[line] = 1
			hits[file]++
		}
	}
	END {
		for (file in lines) {
			split(file, path, "/")
			total[path[1]] += lines[file]
			reached[path[1]] += hits[file]
			if (hits[file] >= 0.95 * lines[file])
				continue
			missed = ""
			for (i = 1; i <= last[file]; i++)
				if ((file, i) in hit && !hit[file, i])
					missed = missed " " i
			printf "2 %-32s %5.1f%% of %4d lines; not:%s\n", file, 100 * hits[file] / lines[file], lines[file], missed
		}
		for (folder in total)
			printf "1 %-12s %5.1f%% of %d lines\n", folder, 100 * reached[folder] / total[folder], total[folder]
	}' | sort | sed 's/^[12] //'
