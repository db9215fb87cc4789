"use strict";
// The timeline: Bokeh draws; this says what, and where one looks.

class Timeline {
  constructor(data, figure, palette) {
    this.data = data; this.figure = figure; this.palette = palette;
    this.place = document.getElementById("plots");
    this.lanes = data.lanes.map(unpackedLane);
    this.ring = { ...data.ring, at: seconds(data.ring.at) };
    this.losses = this.lanes.find((lane) => lane.key === "lost");
    this.cursor = null; this.chosen = -1;
    this.onView = this.onCursor = () => {};
  }

  async draw(isDark) {
    const keep = this.view && { start: this.view.start, end: this.view.end };
    let text = this.figure;
    if (isDark) text = text.replace(/"(#[0-9a-f]{6})"/g, (all, colour) => `"${this.palette[colour] ?? colour}"`);
    const item = JSON.parse(text);
    this.place.replaceChildren();
    this.views = await Bokeh.embed.embed_item(item, this.place);
    this.model = this.views.roots[0].model.document;
    this.view = this.named("view");
    if (keep) this.view.setv(keep);
    this.fillOverview();
    this.view.change.connect(() => this.soon());
    this.fill();
    if (this.cursor !== null) this.hover(this.cursor);
    if (this.chosen >= 0) this.box(this.chosen);
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
  }

  named(name) { return this.model.get_model_by_name(name); }

  soon() {
    if (this.waits) return;
    this.waits = true;
    requestAnimationFrame(() => { this.waits = false; this.fill(); });
  }

  get pixel() { return (this.view.end - this.view.start) / Math.max(200, this.place.clientWidth - 126); }

  fillOverview() {
    const pixel = this.data.end / Math.max(200, this.place.clientWidth - 126);
    const mode = this.lanes.find((lane) => lane.key === "mode");
    this.named("overview-lost").data = inSight(this.losses, 0, this.data.end, pixel);
    if (mode) this.named("overview-mode").data = inSight(mode, 0, this.data.end, pixel);
  }

  fill() {
    const span = this.view.end - this.view.start;
    const from = this.view.start - span / 4, to = this.view.end + span / 4, pixel = this.pixel;
    this.lanes.forEach((lane, row) => {
      const middle = this.lanes.length - 1 - row;
      const source = this.named(lane.key);
      source.data = lane.kind === "wire"
        ? wave(lane, from, to, pixel, middle + 0.3, middle - 0.3)
        : inSight(lane, from, to, pixel);
    });
    this.named("ring-line").data = levels(this.ring, from, to, pixel);
    this.named("ring-lost").data = inSight(this.losses, from, to, pixel);
    this.onView(this.view.start, this.view.end);
  }

  show(start, end) {
    const least = 2e-6, most = this.data.end * 1.02 + 1e-6;
    let span = Math.min(Math.max(end - start, least), most);
    let from = (start + end - span) / 2;
    from = Math.min(Math.max(from, -0.01 * this.data.end), this.data.end * 1.01 - span + 1e-6);
    this.view.setv({ start: from, end: from + span });
  }

  whole() { this.show(-0.01 * this.data.end, 1.01 * this.data.end); }

  zoom(factor) {
    const { start, end } = this.view;
    const isSeen = this.cursor !== null && this.cursor >= start && this.cursor <= end;
    const centre = isSeen ? this.cursor : (start + end) / 2;
    this.show(centre - (centre - start) * factor, centre + (end - centre) * factor);
  }

  move(part) {
    const span = this.view.end - this.view.start;
    this.show(this.view.start + span * part, this.view.end + span * part);
  }

  // Bring a time into sight, and put the cursor there.
  goTo(at) {
    const { start, end } = this.view, span = end - start;
    if (at < start + span * 0.05 || at > end - span * 0.05) this.show(at - span / 2, at + span / 2);
    this.setCursor(at);
  }

  // At a time, or at the beginning of a loss.
  setCursor(at, loss = -1) {
    this.cursor = at;
    this.chosen = loss;
    this.hover(at);
    this.onCursor(at, loss);
  }

  // The cursor follows the pointer, and goes back to where it was put.
  hover(at) { for (const plot of ["ring", "lanes"]) this.cursorOf(plot).location = at; }

  cursorOf(plot) { return this.named(`${plot}-cursor`); }

  choose(number) {
    const { begin, end } = this.losses;
    // What went in no time (with the power, say) is seen with what was before and after.
    const took = end[number] - begin[number], long = took > 0 ? Math.max(took, 1e-5) : 2e-3;
    const span = this.view.end - this.view.start;
    if (long > span / 2 || long < span / 400 || begin[number] < this.view.start || end[number] > this.view.end) {
      const wanted = Math.min(Math.max(span, long * 3), long * 12);
      const middle = (begin[number] + end[number]) / 2;
      this.show(middle - wanted / 2, middle + wanted / 2);
    }
    this.box(number);
    this.setCursor(begin[number], number);
  }

  // The frame around a loss.
  box(number) {
    const { begin, end } = this.losses;
    for (const plot of ["ring", "lanes"]) {
      this.named(`${plot}-selected`).setv({ left: begin[number], right: end[number], visible: true });
    }
  }

  // The next (way 1) or the previous loss (-1) from where one is.
  nextLoss(way) {
    const count = this.losses.begin.length;
    if (!count) return -1;
    let number = this.chosen;
    if (number >= 0) number += way;
    else {
      const at = this.cursor ?? this.view.start;
      number = way > 0 ? firstAbove(this.losses.begin, at) : firstAbove(this.losses.begin, at - 1e-9) - 1;
    }
    number = Math.min(Math.max(number, 0), count - 1);
    this.choose(number);
    return number;
  }

  // The next time at which anything begins or ends.
  nextChange(way) {
    const at = this.cursor ?? (this.view.start + this.view.end) / 2;
    let found = null;
    const see = (time) => {
      if (way > 0 ? time > at + 1e-9 && (found === null || time < found) : time < at - 1e-9 && (found === null || time > found)) found = time;
    };
    for (const lane of this.lanes) {
      const n = firstAbove(lane.begin, at + 1e-9);
      for (const near of [n - 2, n - 1, n]) {
        if (near >= 0 && near < lane.begin.length) { see(lane.begin[near]); see(lane.end[near]); }
      }
    }
    if (found !== null) this.goTo(found);
  }

  // [name, value] of everything at a time.
  reading(at) {
    const near = this.pixel * 3;
    const rows = [["time", `${at.toFixed(6)} s`]];
    rows.push(["ring", `${levelAt(this.ring, at)} of ${this.ring.bytes} bytes`]);
    for (const lane of this.lanes) {
      const n = spanAt(lane, at, near);
      if (n >= 0) rows.push([lane.title, lane.texts[lane.text[n]]]);
      else if (lane.kind === "wire") rows.push([lane.title, "on: the host may send"]);
    }
    return rows;
  }

  // The time under the pointer, or null beside the plots.
  timeAt(event) {
    for (const name of ["ring", "lanes"]) {
      const view = this.views.find_one(this.named(name));
      const box = view.el.getBoundingClientRect(), frame = view.frame.bbox;
      const x = event.clientX - box.left;
      if (x < frame.left || x > frame.right) continue;
      if (event.clientY < box.top || event.clientY > box.bottom) continue;
      return view.frame.x_scale.invert(x);
    }
    return null;
  }

  set wheel(isOn) {
    for (const name of ["ring", "lanes"]) {
      const plot = this.named(name);
      plot.toolbar.active_scroll = isOn ? this.named(`${name}-wheel`) : null;
      for (const tool of plot.toolbar.tools) if (tool.type === "WheelZoomTool") tool.active = isOn;
    }
  }
}
