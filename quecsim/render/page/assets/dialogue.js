"use strict";
// The dialogue: lines to be chosen, beside the timeline that shows the same.

class DialogueList {
  constructor() {
    this.list = document.getElementById("dialogue");
    this.lines = [...this.list.children];
    this.at = Float64Array.from(this.lines, (line) => Number(line.dataset.at) / 1e6);
    this.chosen = -1;
    this.from = this.to = 0;
    this.onChoice = () => {};
    this.ofLoss = new Map(); // its first line
    this.lines.forEach((line, n) => {
      const loss = line.dataset.loss;
      if (loss && !this.ofLoss.has(Number(loss))) this.ofLoss.set(Number(loss), n);
    });
    this.list.setAttribute("role", "listbox");
    for (const line of this.lines) line.setAttribute("role", "option");
    this.list.addEventListener("click", (event) => {
      const line = event.target.closest("li");
      if (line && !String(getSelection())) this.choose(this.lines.indexOf(line));
    });
    this.list.addEventListener("keydown", (event) => this.onKey(event));
    this.addFilter();
  }

  onKey(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15, Home: -1e9, End: 1e9 };
    if (!(event.key in steps) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.choose(this.seen(this.chosen < 0 ? this.from : this.chosen + steps[event.key], Math.sign(steps[event.key])));
  }

  // The line of that number, or the next one that the filter lets be seen.
  seen(number, way) {
    const last = this.lines.length - 1;
    number = Math.min(Math.max(number, 0), last);
    for (let n = number; n >= 0 && n <= last; n += way || 1) if (this.lines[n].offsetParent) return n;
    return this.chosen;
  }

  choose(number) {
    if (number < 0) return;
    this.mark(number);
    this.bring(number);
    const loss = this.lines[number].dataset.loss;
    this.onChoice(this.at[number], loss === undefined ? -1 : Number(loss) - 1);
  }

  mark(number) {
    const before = this.lines[this.chosen];
    before?.classList.remove("chosen");
    before?.removeAttribute("aria-selected");
    before?.removeAttribute("id");
    const line = this.lines[number];
    line.classList.add("chosen");
    line.setAttribute("aria-selected", "true");
    line.id = "line-chosen";
    this.list.setAttribute("aria-activedescendant", line.id);
    this.chosen = number;
  }

  // Scroll the list, and not the page.
  bring(number, atTop = false) {
    const line = this.lines[number], list = this.list;
    const top = line.offsetTop;
    const isSeen = top >= list.scrollTop && top + line.offsetHeight <= list.scrollTop + list.clientHeight;
    if (atTop || !isSeen) list.scrollTop = top - (atTop ? 8 : list.clientHeight / 3);
  }

  // Mark what the timeline shows, and go to where its cursor is, or else to its beginning.
  follow(start, end, cursor) {
    const from = firstAbove(this.at, start - 1e-9), to = firstAbove(this.at, end + 1e-9);
    for (let n = this.from; n < this.to; n++) if (n < from || n >= to) this.lines[n].classList.remove("in-sight");
    for (let n = from; n < to; n++) if (n < this.from || n >= this.to) this.lines[n].classList.add("in-sight");
    this.from = from; this.to = to;
    if (!this.lines.length) return;
    const isSeen = cursor !== null && cursor >= start && cursor <= end;
    if (isSeen && this.chosen >= 0) this.bring(this.chosen);
    else this.bring(Math.min(from, this.lines.length - 1), true);
  }

  // The line of a loss (from 0), or else the last one up to a time, becomes the chosen one.
  goTo(at, loss) {
    const number = this.ofLoss.get(loss + 1) ?? Math.max(0, firstAbove(this.at, at + 5e-7) - 1);
    if (this.lines.length) { this.mark(number); this.bring(number); }
  }

  addFilter() {
    const bar = document.getElementById("filter");
    bar.hidden = false;
    bar.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      const isOn = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(isOn));
      this.list.classList.toggle(`no-${button.dataset.group}`, !isOn);
    });
  }
}
