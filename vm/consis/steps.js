// The last steps of a run, one at a time (data: html_steps.cpp). Everything that comes from the program enters the page as
// text, never as HTML.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const steps = data.steps, root = document.getElementById("steps");
  const grouped = (n) => n.toLocaleString("en-US");

  // A tag with classes ("td.head"), attributes and content: nodes, texts, lists of them; null is nothing.
  function make(tag, attributes, ...content) {
    const [name, ...classes] = tag.split(".");
    const node = document.createElement(name);
    if (classes.length) node.className = classes.filter(Boolean).join(" ");
    for (const [key, value] of Object.entries(attributes || {})) node.setAttribute(key, value);
    node.append(...content.flat(9).filter((each) => each !== null && each !== undefined && each !== ""));
    return node;
  }
  const plural = (n, what) => `${grouped(n)} ${what}${n === 1 ? "" : "s"}`;

  // ---- states: rows by id, at every step ---------------------------------------------------------------------------------------
  const states = [];
  steps.forEach((step, i) => {
    const rows = new Map(i ? states[i - 1].rows : []);
    const changed = new Set();
    const alive = new Set(step.frames.map((frame) => String(frame.serial)));
    for (const id of rows.keys())
      if (id[0] === "f" && !alive.has(id.slice(1).split(".")[0])) rows.delete(id);
    for (const row of step.rows) {
      rows.set(row.id, row);
      if (i) changed.add(row.id);
    }
    // Where the program stands changes at every step, and is compared only at s(i).
    for (const id of ["dpc", "pc", "r28", "r29", "r30"]) {
      changed.delete(id);
      if (!step.arrived && !step.rows.some((row) => row.id === id && row.differing)) rows.delete(id);
    }
    states.push({ rows, changed, differing: [...rows.values()].filter((row) => row.differing).length });
  });

  const kMostRows = 24, kMostFrames = 3;  // of a section, of the stack; until everything is asked for
  let whole = false;
  const compare = (a, b) => a.id.slice(1) - b.id.slice(1);
  function sections(step, state) {
    const of = (prefix) => [...state.rows.values()].filter((row) => row.id.startsWith(prefix));
    const result = step.frames.map((frame) => ({
      title: `${frame.function}, depth ${frame.depth}`, more: `frame at ${frame.base}`, name: frame.function,
      rows: of(`f${frame.serial}.`).sort((a, b) => (a.id.endsWith("return") ? 1 : 0) - (b.id.endsWith("return") ? 1 : 0)),
    }));
    // Of many frames the top ones and main's, and where something is wrong.
    const kept = result.filter((section, k) => whole || k < kMostFrames || k === result.length - 1 || section.rows.some((row) => row.differing));
    const folded = result.length - kept.length;
    result.splice(0, result.length, ...kept);
    if (folded) result.splice(-1, 0, { title: "", rows: [], fold: `show ${plural(folded, "frame")} more` });
    if (step.hidden.frames) result.splice(-1, 0, { title: `${plural(step.hidden.frames, "frame")} between, not shown`, rows: [] });
    const globals = of("g").sort(compare), own = (row) => row.name.startsWith(".");
    const visible = globals.filter((row) => !own(row) || row.differing || state.changed.has(row.id));
    const left = [];
    if (globals.length > visible.length) left.push(`${plural(globals.length - visible.length, "literal")} of the program not shown`);
    if (step.hidden.globals) left.push(`${grouped(step.hidden.globals)} more not shown`);
    if (visible.length || left.length) result.push({ title: "globals", more: left.join(", "), name: "", rows: visible });
    if (step.heap.variables) {
      const hidden = step.hidden.heap ? `, ${grouped(step.hidden.heap)} of them not shown` : "";
      result.push({ title: "heap", more: `${plural(step.heap.variables, "variable")}, ${plural(step.heap.bytes, "byte")}${hidden}`,
        name: "heap", rows: of("h").sort(compare) });
    }
    const control = ["dpc", "pc", "r28", "r29", "r30"].map((id) => state.rows.get(id)).filter(Boolean);
    if (control.length) result.push({ title: "control", more: "where the program stands", rows: control });
    return result;
  }

  // ---- source and instructions -------------------------------------------------------------------------------------------------
  function source(statement) {
    const lines = (statement && data.files[statement.file]) || {};
    const numbers = Object.keys(lines).map(Number).filter((n) => Math.abs(n - statement.line) <= 7).sort((a, b) => a - b);
    if (!numbers.length) return statement && statement.file ? make("p.muted", {}, `${statement.file} was not there to be shown.`) : null;
    const listing = make("div");
    for (const n of numbers) {
      const now = n === statement.line;
      listing.append(make(now ? "span.l.now" : "span.l", now ? { id: "line" } : {}, make("span.n", {}, String(n)), lines[n]));
      if (!now) continue;
      const before = lines[n].slice(0, statement.column - 1).replace(/[^\t]/g, " ");
      listing.append(make("span.l.now", {}, make("span.n"), before, make("span.caret", {}, "^")));
    }
    return [make("h3", {}, statement.file), make("div.listing", {}, listing)];
  }

  function instructions(step) {
    if (!step.count) return make("p.muted", {}, "No instruction: the statement emits no code.");
    const listing = make("div");
    let owner = null;
    if (step.count > step.instructions.length)
      listing.append(make("span.l.owner", {}, `${grouped(step.count - step.instructions.length)} earlier ones not shown`));
    for (const each of step.instructions) {
      if (each.owner !== owner && each.owner) listing.append(make("span.l.owner", {}, each.owner));
      owner = each.owner;
      listing.append(make(each.guilty ? "span.l.guilty" : "span.l", each.guilty ? { title: "this wrote what is wrong" } : {},
        make("span.n", { style: "min-width:4em" }, grouped(each.step)), `${each.at.replace(/^0x0*/, "").padStart(5)}  ${each.text.padEnd(18)} `,
        each.effect ? make("span.effect", {}, each.effect) : null));
    }
    return make("div.listing", {}, listing);
  }

  function place(statement) {
    return [make("code", {}, statement.core), statement.line ? ` at line ${statement.line}` : "", ` in ${statement.function}`];
  }

  function statementPanel(step) {
    const at = step.statement || step.next;
    return make("div.panel.stays", {}, source(at),
      step.statement ? make("p.core", {}, make("span.muted", {}, step.made ? "executed: " : "cannot be executed: "), place(step.statement))
        : make("p.core", {}, "Before the first statement."),
      step.next && step.made ? make("p.core", {}, make("span.muted", {}, "next: "), place(step.next)) : null,
      step.statement ? make("div.part", {}, make("h3", {}, `${plural(step.count, "instruction")} of this step`), instructions(step)) : null);
  }

  // ---- both states as a table --------------------------------------------------------------------------------------------------
  function pieces(text) {
    if (typeof text === "string") return text;
    return text.map((piece) => typeof piece === "string" ? piece
      : piece[0] === "differs" ? make("mark", {}, piece[1]) : make("span.none", {}, piece[1]));
  }

  let filter = "all";
  // What changed or differs; up to the limit what is drawn, and others; in their order.
  function someOf(rows, state) {
    if (whole || rows.length <= kMostRows) return rows;
    const chosen = new Set(rows.filter((row) => row.differing || state.changed.has(row.id)));
    const byId = new Map(rows.map((row) => [row.id, row]));
    for (const row of [...[...drawn].map((id) => byId.get(id)), ...rows]) if (row && chosen.size < kMostRows) chosen.add(row);
    return rows.filter((row) => chosen.has(row));
  }
  function stateTable(step, state) {
    const table = make("table.states", {}, make("tr", {}, make("th", { style: "width:27%" }, "variable"),
      make("th.abstract", {}, "C0 machine"), make("th.concrete", {}, "VAMP"), make("th", { style: "width:7.2em" }, "address")));
    const wanted = (row) => filter === "all" || (filter === "changed" ? state.changed.has(row.id) || row.differing : row.differing);
    let shown = 0;
    for (const section of sections(step, state)) {
      const all = section.rows.filter(wanted), rows = someOf(all, state);
      if (filter !== "all" && !rows.length) continue;
      shown += rows.length;
      if (section.title) table.append(make("tr.head", {}, make("td", { colspan: 4 }, section.title, section.more ? ` \u2013 ${section.more}` : "")));
      for (const row of rows) {
        const classes = [row.differing ? "differing" : "", state.changed.has(row.id) ? "changed" : "", row.name.startsWith(".") ? "own" : ""];
        table.append(make(`tr.${classes.join(".")}`, { "data-id": row.id },
          make("td", {}, row.name, row.type ? make("span.type", {}, row.type) : null), make("td", {}, pieces(row.abstract)),
          make("td", {}, pieces(row.concrete === undefined ? row.abstract : row.concrete)), make("td", {}, make("span.muted", {}, row.address || ""))));
      }
      const fold = section.fold || (all.length > rows.length && `show ${grouped(all.length - rows.length)} more`);
      if (!fold) continue;
      const more = make("button.chip", { type: "button" }, fold);
      more.addEventListener("click", () => { whole = true; show(current); });
      table.append(make("tr", {}, make("td", { colspan: 4 }, more)));
    }
    return shown || filter === "all" ? table : make("p.muted", {}, filter === "changed" ? "Nothing changed in this step." : "Both machines agree.");
  }

  function registers(i) {
    const before = new Map(i ? steps[i - 1].registers : []);
    return make("details", {}, make("summary", {}, "Registers in no relation"),
      make("div.registers", {}, steps[i].registers.map(([name, value]) =>
        make(i && before.get(name) !== value ? "div.changed" : "div", {}, `${name.padEnd(6, "\u00a0")} ${value}`))));
  }

  function statePanel(i) {
    const chips = [["all", "everything"], ["changed", "changed"], ["differing", "differing"]].map(([name, label]) => {
      const chip = make("button.chip", { type: "button", "aria-pressed": filter === name }, label);
      chip.addEventListener("click", () => { filter = name; show(i); });
      return chip;
    });
    const state = states[i];
    const verdict = !steps[i].arrived ? "the run ended here" : state.differing ? `${plural(state.differing, "row")} differ${state.differing === 1 ? "s" : ""}` : "both agree";
    return make("div.panel", {}, make("div.row", {}, make("h3", { style: "margin:0" }, `State after the step: ${verdict}`), make("div.chips", {}, chips)),
      stateTable(steps[i], state),
      make("p.legend", {}, make("i"), "changed in this step", make("i.bad"), "differs", make("span.none", { style: "margin-left:14px" }, "exempt")),
      registers(i));
  }

  // ---- the heap as two pictures, drawn over one layout ------------------------------------------------------------------------
  const kMostNodes = 36, kColumns = 4, kWidth = 132, kGapX = 38, kGapY = 18, kLine = 14, kMostLines = 8;
  const heapIds = (cells, which) => cells.map((cell) => cell[which]).filter((to) => to.startsWith("h"));

  // Which nodes are drawn: those that differ or change at any step first, then what is near to them, then what variables lead to.
  function chooseNodes() {
    const neighbours = new Map(), roots = [], first = [], heap = new Set();
    const link = (a, b) => { if (!neighbours.has(a)) neighbours.set(a, new Set()); neighbours.get(a).add(b); };
    for (let i = states.length - 1; i >= 0; i--) {
      for (const row of i === states.length - 1 ? states[i].rows.values() : steps[i].rows) {
        const to = row.cells ? [...heapIds(row.cells, 4), ...heapIds(row.cells, 5)] : [];
        if (row.id[0] !== "h") { roots.push(...to); continue; }
        heap.add(row.id);
        for (const each of to) link(row.id, each), link(each, row.id);
      }
      for (const row of states[i].rows.values()) if (row.id[0] === "h" && row.differing) first.push(row.id);
      for (const id of states[i].changed) if (id[0] === "h") first.push(id);
    }
    const chosen = new Set();
    for (const start of [...first, ...roots]) {
      const todo = [start];
      while (todo.length && chosen.size < kMostNodes) {
        const id = todo.shift();
        if (chosen.has(id) || !heap.has(id)) continue;
        chosen.add(id);
        todo.push(...(neighbours.get(id) || []));
      }
    }
    return chosen;
  }
  const drawn = chooseNodes();

  // A node's own lines: its simple values, the pointers last.
  const lines = (row) => row.cells ? row.cells.filter((cell, k) => k < kMostLines) : [];
  const height = (row) => 20 + kLine * Math.max(1, lines(row).length) + 6;

  // Variables that lead into the heap, as small nodes of their own.
  function rootNodes(step, state) {
    const list = [];
    for (const section of sections(step, state)) {
      if (section.name === undefined || section.name === "heap") continue;
      for (const row of section.rows) for (const cell of row.cells || [])
        if (drawn.has(cell[4]) || drawn.has(cell[5])) list.push({ id: `${row.id}${cell[0]}`, label: (section.name ? `${section.name}:` : "") + row.name + cell[0], cell });
    }
    return list.slice(0, 12);
  }

  // Places: depth first from the variables, a first successor to the right in the same row, further ones in rows below; what
  // does not fit into a row continues in the next one.
  function layout(state, rootList) {
    const at = new Map(), rows = [];
    const put = (id, row, column, h) => { at.set(id, { row, column }); rows[row] = Math.max(rows[row] || 0, h); };
    let free = 0;
    const follow = (start, row, column) => {
      const todo = [[start, row, column]];
      while (todo.length) {
        let [id, r, c] = todo.pop();
        const node = state.rows.get(id);
        if (at.has(id) || !drawn.has(id) || !node) continue;
        if (c >= kColumns || r < 0) r = free, c = Math.min(c, 1) || 1;
        free = Math.max(free, r + 1);
        put(id, r, c, height(node));
        const next = [...new Set((node.cells || []).flatMap((cell) => [cell[4], cell[5]]))].filter((to) => drawn.has(to) && !at.has(to));
        next.slice(1).reverse().forEach((to) => todo.push([to, -1, c + 1 < kColumns ? c + 1 : 1]));
        if (next.length) todo.push([next[0], c + 1 < kColumns ? r : -1, c + 1]);
      }
    };
    for (const each of rootList) {
      const targets = [each.cell[4], each.cell[5]].filter((to) => drawn.has(to));
      const row = free;
      put(each.id, row, 0, 24);
      free = row + 1;
      for (const to of targets) if (!at.has(to)) follow(to, at.size && rows[row] ? row : -1, 1);
    }
    for (const id of drawn) if (!at.has(id)) follow(id, -1, 1);
    const tops = [];
    let y = 8;
    rows.forEach((h, r) => { tops[r] = y; y += h + kGapY; });
    tops.push(y);
    return { at, tops, height: y, x: (column) => 6 + column * (kWidth + kGapX), width: 6 + kColumns * (kWidth + kGapX) };
  }

  function svg(tag, attributes, ...content) {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...content);
    return node;
  }
  const cut = (text, most) => text.length > most ? `${text.slice(0, most - 1)}\u2026` : text;

  // One machine's picture; `side` is 0 for the abstract machine and 1 for the VAMP.
  function picture(state, plan, rootList, side) {
    const picture = svg("svg", { viewBox: `0 0 ${plan.width} ${plan.height}`, role: "img", style: `max-width:${plan.width}px` });
    const edges = svg("g", {}), nodes = svg("g", {});
    const edge = (x, y, cell, from) => {
      const to = cell[4 + side], differs = cell[1] === "differs" ? " differs" : "";
      if (!to) return;
      edges.append(svg("circle", { class: `dot${differs}`, cx: x, cy: y, r: 2.5 }));
      const place = plan.at.get(to);
      if (!place) {  // not drawn, or no variable at all
        edges.append(svg("path", { class: `edge${differs}`, d: `M${x} ${y}h14`, "stroke-dasharray": "3 2" }));
        return;
      }
      const toX = plan.x(place.column), toY = plan.tops[place.row] + 11;
      // To the next column directly, to others below the row, so that no node is crossed.
      const under = plan.tops[from.row + 1] - 6, bend = Math.max(18, (toX - x) / 2);
      const rise = `C${toX - 26} ${under} ${toX - 26} ${toY} ${toX - 2} ${toY}`;
      let line = `C${x + 14} ${y} ${x} ${under} ${x + 16} ${under}H${toX - 34}${rise}`;
      if (toX <= x) line = `C${x + 26} ${y} ${x + 26} ${under} ${x + 4} ${under}H${toX - 14}${rise}`;
      else if (toX - x < kWidth) line = `C${x + bend} ${y} ${toX - bend} ${toY} ${toX - 2} ${toY}`;
      edges.append(svg("path", { class: `edge${differs}`, d: `M${x} ${y}${line}`, "marker-end": "url(#tip)" }));
    };
    for (const each of rootList) {
      const place = plan.at.get(each.id), x = plan.x(place.column), y = plan.tops[place.row];
      nodes.append(svg("g", { class: "root" }, svg("rect", { class: "box", x, y, width: kWidth, height: 22, rx: 11 }),
        svg("text", { x: x + 10, y: y + 15, class: each.cell[1] === "differs" ? "differs" : "" }, cut(each.label, 17))));
      edge(x + kWidth - 8, y + 11, each.cell, place);
    }
    for (const id of drawn) {
      const row = state.rows.get(id), place = plan.at.get(id);
      if (!row || !place) continue;
      const x = plan.x(place.column), y = plan.tops[place.row];
      const classes = row.differing ? "node differing" : state.changed.has(id) ? "node changed" : "node";
      const title = side ? row.address || "" : `${row.name}`;
      const box = svg("g", { class: classes, "data-id": id }, svg("title", {}, `${row.name} ${row.type} ${row.address || ""}`),
        svg("rect", { class: "box", x, y, width: kWidth, height: height(row), rx: 5 }),
        svg("text", { class: "title", x: x + 8, y: y + 13 }, cut(`${title} ${row.type.replace("struct ", "")}`, 20)));
      lines(row).forEach((cell, k) => {
        const lineY = y + 20 + kLine * (k + 0.75), pointer = cell[4 + side];
        const value = pointer ? (plan.at.has(pointer) ? "" : cell[2 + side].replace(" (no variable)", "?")) : cell[2 + side];
        box.append(svg("text", { x: x + 8, y: lineY, class: cell[1] }, cut(`${cell[0]}${cell[0] && value ? " = " : ""}${value}`, 18)));
        edge(x + kWidth - 6, lineY - 4, cell, place);
      });
      if (!lines(row).length) box.append(svg("text", { x: x + 8, y: y + 31 }, cut(textOf(side && row.concrete !== undefined ? row.concrete : row.abstract), 18)));
      nodes.append(box);
    }
    picture.append(svg("defs", {}, svg("marker", { id: "tip", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 6, markerHeight: 6, orient: "auto" },
      svg("path", { class: "dot", d: "M0 0L8 4L0 8z" }))), nodes, edges);
    return picture;
  }
  const textOf = (text) => typeof text === "string" ? text : text.map((piece) => typeof piece === "string" ? piece : piece[1]).join("");

  function graphPanel(step, state) {
    const there = [...drawn].filter((id) => state.rows.has(id));
    if (!there.length) return null;
    const rootList = rootNodes(step, state), plan = layout(state, rootList);
    const left = step.heap.variables - there.length;
    const note = left > 0 ? ` ${grouped(there.length)} of ${grouped(step.heap.variables)} variables: those that change or differ, and what is near to them.` : "";
    return make("div", {}, make("h2", {}, "The heap", make("span.muted", { style: "font-weight:400" }, note)), make("div.halves.graph", {},
      make("div.panel", {}, make("h3.abstract", {}, "C0 machine"), picture(state, plan, rootList, 0)),
      make("div.panel", {}, make("h3.concrete", {}, "VAMP, by the inverse of aba"), picture(state, plan, rootList, 1))));
  }

  // ---- the slider -----------------------------------------------------------------------------------------------------------------
  const bar = make("div.bar"), body = make("div");
  const now = make("div.now"), ticks = make("div.ticks");
  const range = make("input", { type: "range", min: 0, max: steps.length - 1, "aria-label": "C0 step" });
  steps.forEach((step, i) => {
    const guilty = step.instructions.some((each) => each.guilty);
    const tick = make(`button.tick.${states[i].differing ? "differs" : ""}.${guilty ? "guilty" : ""}`,
      { type: "button", title: `C0 step ${grouped(step.step)}${step.statement ? `: ${step.statement.core}` : ""}` }, step.step < 100000 ? String(step.step) : `\u2026${String(step.step).slice(-3)}`);
    tick.addEventListener("click", () => show(i));
    ticks.append(tick);
  });
  range.addEventListener("input", () => show(Number(range.value)));
  bar.append(now, ticks, range);
  if (steps.length < 2) ticks.hidden = range.hidden = true;

  let current = -1;
  function show(i) {
    const step = steps[i], before = i ? steps[i - 1].machine : 0;
    current = i;
    range.value = i;
    [...ticks.children].forEach((tick, k) => tick.classList.toggle("current", k === i));
    now.replaceChildren(...make("div", {}, make("b", {}, `C0 step ${grouped(step.step)}`),
      make("span", {}, step.count ? `VAMP steps ${grouped(before)} to ${grouped(step.machine)}` : `VAMP step ${grouped(step.machine)}`),
      step.frames.length ? make("span", {}, `in ${step.frames[0].function}, depth ${step.frames[0].depth}`) : null,
      make("span.right", {}, steps.length > 1 ? `the last ${plural(steps.length - 1, "step")}` : "")).childNodes);
    body.replaceChildren(make("div.grid", {}, statementPanel(step), statePanel(i)), graphPanel(step, states[i]) || "");
    const caret = body.querySelector(".caret"), listing = caret && caret.closest(".listing");
    if (listing) listing.scrollLeft = Math.max(0, caret.offsetLeft - listing.offsetLeft - listing.clientWidth * 0.6);
    history.replaceState(null, "", `#step=${step.step}`);
  }

  // #step=N, at the start and of links in the page.
  function asked() {
    const match = /^#step=(\d+)$/.exec(location.hash);
    const found = match ? steps.findLastIndex((step) => step.step === Number(match[1])) : -1;
    return found >= 0 ? found : current >= 0 ? current : steps.length - 1;
  }
  for (const link of document.querySelectorAll('a[href^="#step="]'))
    if (!steps.some((step) => `#step=${step.step}` === link.getAttribute("href"))) link.replaceWith(link.textContent);
  window.addEventListener("hashchange", () => show(asked()));
  document.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by && event.target !== range && steps[current + by]) show(current + by);
  });
  root.append(bar, body);
  show(asked());
})();
