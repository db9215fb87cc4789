"use strict";
// What the page does where scripts run: the timeline in place of the pictures.

async function begin() {
  const [figure, data, library] = await Promise.all(["figure", "data", "library"].map(inflated));
  const script = document.createElement("script");
  script.text = library; // it is allowed by its hash
  document.head.append(script);
  Bokeh.set_log_level("error");
  const palette = JSON.parse(document.getElementById("palette").textContent);
  const timeline = new Timeline(JSON.parse(data), figure, palette);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  document.getElementById("live").hidden = false;
  await timeline.draw(dark.matches);
  document.documentElement.classList.add("scripted");
  dark.addEventListener("change", () => timeline.draw(dark.matches));
  const dialogue = new DialogueList();
  connect(timeline, dialogue);
  window.quecsim = { timeline, dialogue };
  document.documentElement.dataset.ready = Math.round(performance.now());
}

function connect(timeline, dialogue) {
  const said = document.getElementById("said");
  const range = document.getElementById("range");
  timeline.onView = (start, end) => {
    range.textContent = `${start.toFixed(4)} s to ${end.toFixed(4)} s`;
    dialogue.follow(start, end, timeline.cursor);
  };
  timeline.onCursor = (at, loss) => { read(timeline, at); if (!isTold) dialogue.goTo(at, loss); };
  let isTold = false; // by the dialogue itself
  dialogue.onChoice = (at, loss) => {
    isTold = true;
    if (loss >= 0) { timeline.choose(loss); markLoss(loss); } else timeline.goTo(at);
    isTold = false;
  };
  timeline.onView(timeline.view.start, timeline.view.end);
  const first = firstAbove(timeline.losses.begin, timeline.view.start);
  if (timeline.losses.begin[first] <= timeline.view.end) timeline.choose(first);
  else read(timeline, Math.max(0, timeline.view.start));

  const doers = {
    next: () => lossSaid(timeline, timeline.nextLoss(1)),
    previous: () => lossSaid(timeline, timeline.nextLoss(-1)),
    in: () => timeline.zoom(1 / 2),
    out: () => timeline.zoom(2),
    whole: () => timeline.whole(),
    left: () => timeline.move(-0.2),
    right: () => timeline.move(0.2),
    back: () => timeline.goTo((timeline.cursor ?? timeline.view.start) - timeline.pixel * 5),
    on: () => timeline.goTo((timeline.cursor ?? timeline.view.start) + timeline.pixel * 5),
    before: () => timeline.nextChange(-1),
    after: () => timeline.nextChange(1),
  };
  for (const button of document.querySelectorAll("[data-do]")) {
    button.addEventListener("click", () => doers[button.dataset.do]?.());
  }
  const everywhere = { n: "next", p: "previous" };
  const chosen = { "+": "in", "=": "in", "-": "out", 0: "whole", Home: "whole", ArrowUp: "in", ArrowDown: "out",
    ArrowLeft: "left", ArrowRight: "right", ",": "back", ".": "on", "<": "before", ">": "after", ";": "before", ":": "after" };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
    let what = everywhere[event.key];
    if (!what && timeline.place.contains(event.target)) what = chosen[event.key];
    if (!what || !doers[what]) return;
    event.preventDefault();
    doers[what]();
    if (["back", "on", "before", "after"].includes(what)) {
      said.textContent = timeline.reading(timeline.cursor).map((row) => row.join(": ")).join("; ");
    }
  });
  timeline.place.addEventListener("pointermove", (event) => {
    const at = timeline.timeAt(event);
    if (at !== null) { timeline.hover(at); read(timeline, at); }
  });
  timeline.place.addEventListener("pointerleave", () => {
    timeline.hover(timeline.cursor);
    if (timeline.cursor !== null) read(timeline, timeline.cursor);
  });
  let down = null;
  timeline.place.addEventListener("pointerdown", (event) => { down = [event.clientX, event.clientY]; }, true);
  timeline.place.addEventListener("pointerup", (event) => {
    const isClick = down && Math.hypot(event.clientX - down[0], event.clientY - down[1]) < 5;
    const at = isClick ? timeline.timeAt(event) : null;
    if (at !== null) { timeline.place.focus({ preventScroll: true }); timeline.setCursor(at); }
  }, true);
  timeline.place.addEventListener("focusin", () => { timeline.wheel = true; });
  timeline.place.addEventListener("focusout", () => { timeline.wheel = false; });
  for (const link of document.querySelectorAll("[data-show]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const number = Number(link.dataset.show) - 1;
      timeline.choose(number);
      lossSaid(timeline, number);
      timeline.place.focus({ preventScroll: true });
    });
  }
}

function read(timeline, at) {
  const list = document.getElementById("reading");
  list.replaceChildren(...timeline.reading(at).map(([name, value]) => {
    const row = document.createElement("div");
    const term = document.createElement("dt"), told = document.createElement("dd");
    term.textContent = name; told.textContent = value;
    row.append(term, told);
    return row;
  }));
}

function lossSaid(timeline, number) {
  if (number < 0) return;
  const lane = timeline.losses;
  document.getElementById("of").textContent = `loss ${number + 1} of ${lane.begin.length}`;
  document.getElementById("said").textContent = `Loss ${number + 1}: ${lane.texts[lane.text[number]]}`;
  markLoss(number);
  document.getElementById("live").scrollIntoView({ block: "nearest" });
}

function markLoss(number) {
  document.querySelector(".losses .chosen")?.classList.remove("chosen");
  document.getElementById(`loss-${number + 1}`)?.classList.add("chosen");
}

// The page is painted first; the timeline follows.
requestAnimationFrame(() => setTimeout(() => begin().catch((error) => {
  document.getElementById("live").hidden = true;
  console.error(error);
})));
