# SPDX-License-Identifier: MIT
# Latency and CPU against rate, one above the other. 'data' has a block for each proxy, titled by its first line:
# rate, p99 in ms, CPU in us a call. 'picture', 'title' and 'proxies' come from plot.sh.
set terminal svg size 800,760 font "sans-serif,13" background "white"
set output picture
set key left top
set grid
set style data linespoints
set pointsize 0.7
set xrange [0:*]
set format x "%.0f"
set lmargin 9
set multiplot layout 2,1 title title

set ylabel "INVITE to 200, p99, ms"
set logscale y
plot for [i = 0:proxies - 1] data index i using 1:2 linewidth 2 title columnheader(1)

unset logscale y
set key right top
set yrange [0:*]
set xlabel "calls a second offered"
set ylabel "CPU of the proxy, us a call"
plot for [i = 0:proxies - 1] data index i using 1:3 linewidth 2 title columnheader(1)
unset multiplot
