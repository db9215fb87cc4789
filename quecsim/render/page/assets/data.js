"use strict";
// The page's data: unpacked, and cut to what is in sight.

async function inflated(id) {
  const text = atob(document.getElementById(id).textContent.trim());
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

// Differences in microseconds -> seconds.
function seconds(steps) {
  let at = 0;
  return Float64Array.from(steps, (step) => (at += step) / 1e6);
}

function unpackedLane(lane) {
  const begin = seconds(lane.at);
  const end = begin.map((at, n) => at + lane.length[n] / 1e6);
  let longest = 0;
  for (let n = 0; n < begin.length; n++) longest = Math.max(longest, end[n] - begin[n]);
  return { ...lane, begin, end, longest };
}

// The number of the first of `sorted` that is larger than `value`.
function firstAbove(sorted, value) {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] > value) high = middle; else low = middle + 1;
  }
  return low;
}

// The spans of a lane between two times; those that cannot be told from one another are one.
function inSight(lane, from, to, pixel) {
  const left = [], right = [];
  let n = firstAbove(lane.begin, from - lane.longest - pixel);
  for (; n < lane.begin.length && lane.begin[n] <= to; n++) {
    if (lane.end[n] < from) continue;
    const last = right.length - 1;
    const isTiny = last >= 0 && Math.min(lane.end[n] - lane.begin[n], right[last] - left[last]) < 3 * pixel;
    if (isTiny && lane.begin[n] - right[last] < pixel) right[last] = Math.max(right[last], lane.end[n]);
    else { left.push(lane.begin[n]); right.push(lane.end[n]); }
  }
  return { left, right };
}

// A wire that is high but for the spans of its lane.
function wave(lane, from, to, pixel, high, low) {
  const x = [from], y = [high];
  const { left, right } = inSight(lane, from, to, pixel);
  left.forEach((begin, n) => { x.push(begin, begin, right[n], right[n]); y.push(high, low, low, high); });
  x.push(to); y.push(high);
  return { x, y };
}

// The line of the ring's level between two times, at most some points for each pixel.
function levels(ring, from, to, pixel) {
  const first = Math.max(0, firstAbove(ring.at, from) - 1);
  const last = Math.min(ring.at.length - 1, firstAbove(ring.at, to));
  const x = [], y = [];
  if (last - first < (to - from) / pixel * 2) {
    for (let n = first; n <= last; n++) { x.push(ring.at[n]); y.push(ring.level[n]); }
    return { x, y };
  }
  for (let n = first; n <= last;) {
    const edge = ring.at[n] + pixel, at = ring.at[n];
    let low = ring.level[n], high = low, end = low;
    for (; n <= last && ring.at[n] < edge; n++) {
      end = ring.level[n]; low = Math.min(low, end); high = Math.max(high, end);
    }
    x.push(at, at, at); y.push(low, high, end);
  }
  return { x, y };
}

function levelAt(ring, at) {
  const n = firstAbove(ring.at, at);
  if (n === 0) return ring.level[0] ?? 0;
  if (n === ring.at.length) return ring.level[n - 1];
  const part = (at - ring.at[n - 1]) / (ring.at[n] - ring.at[n - 1] || 1);
  return Math.round(ring.level[n - 1] + part * (ring.level[n] - ring.level[n - 1]));
}

// What a lane has at a time, or so near to it that one cannot tell: the number of its span, or -1.
function spanAt(lane, at, near) {
  let found = -1, distance = near;
  for (let n = firstAbove(lane.begin, at + near) - 1; n >= 0 && lane.begin[n] >= at - lane.longest - near; n--) {
    if (lane.begin[n] <= at && at <= lane.end[n]) return n;
    const off = Math.min(Math.abs(lane.begin[n] - at), Math.abs(lane.end[n] - at));
    if (off <= distance) { found = n; distance = off; }
  }
  return found;
}
