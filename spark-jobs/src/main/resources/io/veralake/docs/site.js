"use strict";
(() => {
  const M = window.VERALAKE;
  const root = document.documentElement.dataset.root;
  const $ = (tag, props, ...children) => {
    const e = Object.assign(document.createElement(tag), props || {});
    e.append(...children);
    return e;
  };
  const TECHNICAL = 1;
  const PERSONAL = 2;

  // The model: columns by number, edges between them, both ways.
  const columns = [];
  const byName = new Map();
  M.tables.forEach((table, t) => {
    table.index = t;
    table.first = columns.length;
    table.columns.forEach(([name, type, flags, about]) => {
      byName.set(table.id + "/" + name, columns.length);
      columns.push({ table: t, name, type, flags, about, into: [], outOf: [] });
    });
  });
  M.edges.forEach(([from, to, kind]) => {
    const edge = { from, to, kind: M.kinds[kind], weak: kind >= M.weak && kind < M.compared, compared: kind === M.compared };
    columns[to].into.push(edge);
    columns[from].outOf.push(edge);
  });
  const pageOf = (table, column) => root + table.page + (column ? "#" + encodeURIComponent(column.name) : "");

  // Theme.
  const stored = (() => { try { return localStorage.getItem("veralake-theme"); } catch { return null; } })();
  if (stored) document.documentElement.dataset.theme = stored;
  document.querySelector(".theme").addEventListener("click", () => {
    const dark = document.documentElement.dataset.theme
      ? document.documentElement.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    const next = dark ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    try { localStorage.setItem("veralake-theme", next); } catch { /* a browser that keeps nothing */ }
  });
  document.querySelector(".menu").addEventListener("click", (event) => {
    const open = document.body.classList.toggle("open");
    event.currentTarget.setAttribute("aria-expanded", open);
  });
  const here = document.querySelector(".side [aria-current]");
  if (here) here.scrollIntoView({ block: "nearest" });

  // Search.
  const input = document.querySelector(".search input");
  const list = document.querySelector(".results");
  const entries = [];
  M.tables.forEach((t) => entries.push({ text: t.id, what: t.kind, about: t.about, href: pageOf(t), weight: 0, layer: t.layer }));
  columns.forEach((c) => {
    const t = M.tables[c.table];
    entries.push({ text: t.id + "." + c.name, name: c.name, what: c.type || "column", about: c.about, href: pageOf(t, c), weight: c.flags & TECHNICAL ? 4 : 1, layer: t.layer });
  });
  let chosen = -1;
  const score = (entry, words) => {
    let sum = entry.weight;
    const text = entry.text.toLowerCase();
    const name = (entry.name || text.slice(text.indexOf(".") + 1)).toLowerCase();
    for (const word of words) {
      if (name === word) sum -= 6;
      else if (name.startsWith(word)) sum -= 3;
      else if (text.includes(word)) sum -= 1;
      else if ((entry.about || "").toLowerCase().includes(word)) sum += 2;
      else return null;
    }
    return sum + text.length / 200;
  };
  const choose = (i) => {
    const items = list.querySelectorAll("[role=option]");
    if (!items.length) return;
    chosen = (i + items.length) % items.length;
    items.forEach((item, n) => item.setAttribute("aria-selected", n === chosen));
    items[chosen].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", items[chosen].id);
  };
  const close = () => { list.hidden = true; input.setAttribute("aria-expanded", "false"); };
  const search = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) return close();
    const found = entries.map((e) => [score(e, words), e]).filter(([s]) => s !== null).sort((a, b) => a[0] - b[0]).slice(0, 40);
    list.replaceChildren(...found.map(([, e], i) => {
      const li = $("li", { id: "r" + i, className: e.layer }, $("span", {}, $("span", { className: "dot" }), " ", $("code", { textContent: e.text })), $("span", { className: "what", textContent: e.what }));
      li.setAttribute("role", "option");
      if (e.about) li.append($("span", { className: "about", textContent: e.about }));
      li.addEventListener("mousedown", (event) => { event.preventDefault(); go(e.href); });
      li.dataset.href = e.href;
      return li;
    }));
    if (!found.length) list.append($("li", { className: "none", textContent: "Nothing has these words" }));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    choose(0);
  };
  const go = (href) => { close(); input.value = ""; input.blur(); location.href = href; };
  input.addEventListener("input", search);
  input.addEventListener("focus", search);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { event.preventDefault(); choose(chosen + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); choose(chosen - 1); }
    else if (event.key === "Enter") { const item = list.querySelectorAll("[role=option]")[chosen]; if (item && !list.hidden) go(item.dataset.href); }
    else if (event.key === "Escape") { input.value = ""; close(); input.blur(); }
  });
  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (!typing && event.key === "/" && !event.ctrlKey && !event.metaKey) { event.preventDefault(); input.focus(); }
  });

  // SQL, coloured.
  const WORDS = /^(select|from|where|join|left|right|full|inner|outer|cross|lateral|on|using|group|by|order|having|as|with|recursive|union|all|distinct|except|intersect|case|when|then|else|end|and|or|not|in|is|null|exists|between|like|over|partition|window|rows|range|unbounded|preceding|following|current|row|cast|interval|timestamp|date|limit|asc|desc|filter|true|false|values|final|qualify|ignore|nulls|semi|anti)$/i;
  document.querySelectorAll("pre.sql code").forEach((code) => {
    const parts = code.textContent.split(/(--[^\n]*|'(?:[^']|'')*'|\b[A-Za-z_]\w*\b)/);
    code.replaceChildren(...parts.filter(Boolean).map((part) => {
      const style = part.startsWith("--") ? "c" : part.startsWith("'") ? "s" : WORDS.test(part) ? "k" : "";
      return style ? $("span", { className: style, textContent: part }) : document.createTextNode(part);
    }));
  });

  // Columns that are Veralake's own can be left out of a table.
  document.querySelectorAll(".tech input").forEach((box) => {
    const table = box.closest("section").querySelector("table.columns");
    const apply = () => table.querySelectorAll("tr.book").forEach((row) => { row.hidden = !box.checked; });
    box.addEventListener("change", apply);
    apply();
    box.form && box.form.reset();
  });

  /** All columns that lead to, or come from, those of `start`. */
  const closure = (start, up, usable) => {
    const seen = new Set(start);
    const edges = new Set();
    const todo = [...start];
    while (todo.length) {
      const column = columns[todo.pop()];
      for (const edge of up ? column.into : column.outOf) {
        const next = up ? edge.from : edge.to;
        if (!usable(edge)) continue;
        edges.add(edge);
        if (!seen.has(next)) { seen.add(next); todo.push(next); }
      }
    }
    return { seen, edges };
  };

  const WIDTH = 206, GAP = 92, ROW = 21, HEAD = 29, SPACE = 13;

  /** Boxes in columns by rank, near to what they are connected with, one below the other. */
  const layout = (boxes, links) => {
    const ranks = [...new Set(boxes.map((b) => b.rank))].sort((a, b) => a - b);
    const columnsOf = ranks.map((r) => boxes.filter((b) => b.rank === r));
    const near = new Map(boxes.map((b) => [b, []]));
    links.forEach(([a, b]) => { if (a !== b) { near.get(a).push(b); near.get(b).push(a); } });
    const stack = (group) => { let y = 0; group.forEach((b) => { b.y = y; y += b.height + SPACE; }); };
    columnsOf.forEach(stack);
    const wanted = (b) => {
      const some = near.get(b);
      return some.length ? some.reduce((sum, n) => sum + n.y + n.height / 2, 0) / some.length : b.y + b.height / 2;
    };
    for (let sweep = 0; sweep < 8; sweep++) {
      const order = sweep % 2 ? [...columnsOf].reverse() : columnsOf;
      order.forEach((group) => {
        const at = new Map(group.map((b) => [b, wanted(b)]));
        group.sort((a, b) => at.get(a) - at.get(b) || a.index - b.index);
        // As near as can be without overlap: down from the top, then up from the bottom.
        let bottom = 0;
        group.forEach((b) => { b.y = Math.max(bottom, at.get(b) - b.height / 2); bottom = b.y + b.height + SPACE; });
        const tallest = Math.max(...columnsOf.map((g) => g.reduce((sum, b) => sum + b.height + SPACE, 0)));
        let limit = Math.max(tallest, 0);
        [...group].reverse().forEach((b) => { b.y = Math.max(0, Math.min(b.y, limit - b.height)); limit = b.y - SPACE; });
        let top = 0;
        group.forEach((b) => { b.y = Math.max(b.y, top); top = b.y + b.height + SPACE; });
      });
    }
    const least = Math.min(...boxes.map((b) => b.y));
    boxes.forEach((b) => { b.y -= least; b.x = ranks.indexOf(b.rank) * (WIDTH + GAP); });
    return { width: ranks.length * (WIDTH + GAP) - GAP, height: Math.max(...boxes.map((b) => b.y + b.height)) };
  };

  /** A picture of tables, or of columns, in which one can be picked. */
  const picture = (place) => {
    const focus = place.dataset.table ? M.tables.find((t) => t.id === place.dataset.table) : null;
    const byColumn = place.dataset.level === "column";
    const canvas = place.querySelector(".canvas");
    const said = place.querySelector(".said");
    const option = (name) => { const box = place.querySelector("[name=" + name + "]"); return !!box && box.checked; };
    const only = place.querySelector("[name=only]");
    const all = place.querySelector("[name=all]");
    let narrowed = null;
    let picked = null;

    const usable = (edge) => {
      if (edge.weak && !option("weak")) return false;
      if (option("technical")) return true;
      return !((columns[edge.from].flags | columns[edge.to].flags) & TECHNICAL);
    };

    const shownColumns = () => {
      if (narrowed !== null) return trace(narrowed).seen;
      const start = columns.map((_, i) => i).filter((i) => (!focus || columns[i].table === focus.index) && (option("technical") || !(columns[i].flags & TECHNICAL)));
      if (focus) return new Set([...closure(start, true, usable).seen, ...closure(start, false, usable).seen]);
      return new Set(start.filter((i) => columns[i].into.some(usable) || columns[i].outOf.some(usable)));
    };
    const trace = (start) => {
      const up = closure(start, true, usable), down = closure(start, false, usable);
      return { up, down, seen: new Set([...up.seen, ...down.seen]) };
    };

    // At the level of tables a link stands for all of its columns.
    const tableLinks = () => {
      const links = new Map();
      const add = (from, to, edge) => {
        if (from === to) return;
        const link = links.get(from + ">" + to) || { from, to, weak: true, compared: true };
        link.weak = link.weak && edge.weak;
        link.compared = link.compared && !!edge.compared;
        links.set(from + ">" + to, link);
      };
      columns.forEach((c) => c.into.forEach((e) => add(columns[e.from].table, columns[e.to].table, e)));
      M.rows.forEach(([from, to]) => add(columns[from].table, to, { weak: true }));
      return [...links.values()];
    };

    const draw = () => {
      const boxes = [];
      const boxOf = new Map();
      const shown = byColumn ? shownColumns() : null;
      M.tables.forEach((t) => {
        const own = shown ? t.columns.map((_, i) => t.first + i).filter((i) => shown.has(i)) : [];
        if (shown && !own.length) return;
        const box = { table: t, columns: own, rank: t.rank, index: t.index, height: HEAD + own.length * ROW + (own.length ? 4 : 0) };
        boxes.push(box);
        boxOf.set(t.index, box);
      });
      canvas.replaceChildren();
      if (!boxes.length) { canvas.append($("p", { className: "note", textContent: "Nothing leads here, and nothing comes from here." })); return; }
      const edges = [];
      if (byColumn) {
        shown.forEach((i) => columns[i].into.forEach((e) => { if (shown.has(e.from) && usable(e)) edges.push({ edge: e, from: e.from, to: e.to, a: boxOf.get(columns[e.from].table), b: boxOf.get(columns[e.to].table) }); }));
      } else {
        tableLinks().forEach((link) => edges.push({ edge: link, from: link.from, to: link.to, a: boxOf.get(link.from), b: boxOf.get(link.to) }));
      }
      const size = layout(boxes, edges.map((e) => [e.a, e.b]));
      const graph = $("div", { className: "graph" });
      graph.style.width = size.width + "px";
      graph.style.height = size.height + "px";
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      svg.setAttribute("width", size.width);
      svg.setAttribute("height", size.height);
      svg.setAttribute("aria-hidden", "true");
      const yOf = (box, column) => box.y + (byColumn ? HEAD + box.columns.indexOf(column) * ROW + ROW / 2 : box.height / 2);
      edges.forEach((e) => {
        const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
        const y1 = yOf(e.a, e.from), y2 = yOf(e.b, e.to);
        const back = e.b.x <= e.a.x;
        const x1 = e.a.x + WIDTH, x2 = back ? e.b.x + WIDTH : e.b.x;
        const bend = back ? GAP * 0.6 : Math.min(GAP * 0.75, (x2 - x1) / 2);
        path.setAttribute("d", `M${x1} ${y1}C${x1 + bend} ${y1} ${back ? x2 + bend : x2 - bend} ${y2} ${x2} ${y2}`);
        if (e.edge.compared) path.setAttribute("class", "compared");
        else if (e.edge.weak) path.setAttribute("class", "weak");
        e.path = path;
        svg.append(path);
      });
      graph.append(svg);
      const buttons = new Map();
      boxes.forEach((box) => {
        const div = $("div", { className: "box " + box.table.layer + (focus === box.table ? " here" : "") });
        div.dataset.table = box.table.id;
        Object.assign(div.style, { left: box.x + "px", top: box.y + "px", width: WIDTH + "px", height: box.height + "px" });
        const name = $("button", { className: "name", type: "button", title: box.table.id + (box.table.about ? "\n" + box.table.about : "") }, $("span", { textContent: box.table.id.slice(box.table.id.indexOf(".") + 1) }), $("span", { textContent: box.table.short }));
        name.addEventListener("click", () => pick(byColumn ? { table: box.table } : { node: box.table.index, table: box.table }));
        div.append(name);
        box.columns.forEach((i) => {
          const c = columns[i];
          const button = $("button", { type: "button", title: c.name + (c.type ? " " + c.type : "") + (c.about ? "\n" + c.about : "") }, $("span", { textContent: c.name }), $("span", { textContent: c.flags & PERSONAL ? "personal" : c.type.replace(/\(.*|<.*/, "") }));
          button.dataset.column = box.table.id + "/" + c.name;
          button.addEventListener("click", () => pick({ column: i }));
          buttons.set(i, button);
          div.append(button);
        });
        box.div = div;
        box.name = name;
        graph.append(div);
      });
      canvas.append(graph);
      // As large as there is room for, and never too small to read.
      const room = canvas.clientWidth - 2 * parseFloat(getComputedStyle(canvas).paddingLeft);
      graph.style.zoom = Math.max(0.72, Math.min(1, room / size.width));
      place.drawn = { graph, boxes, boxOf, edges, buttons };
      all.hidden = narrowed === null;
      if (picked) pick(picked, true);
    };

    const clear = () => {
      picked = null;
      if (only) only.hidden = true;
      said.textContent = place.dataset.said;
      if (!place.drawn) return;
      place.drawn.graph.classList.remove("picked");
      place.drawn.graph.querySelectorAll(".on, .it").forEach((e) => e.classList.remove("on", "it", "up", "down"));
    };

    const count = (n, word) => n + " " + word + (n === 1 ? "" : "s");
    const pick = (what, again) => {
      const same = picked && picked.column === what.column && picked.table === what.table;
      clear();
      if (same && !again) return;
      picked = what;
      const { graph, boxes, boxOf, edges, buttons } = place.drawn;
      graph.classList.add("picked");
      let up, down, ownEdges;
      if (what.node !== undefined) {
        const reach = (back) => {
          const seen = new Set([what.node]);
          const used = new Set();
          const todo = [what.node];
          while (todo.length) {
            const at = todo.pop();
            edges.forEach((e) => {
              if ((back ? e.to : e.from) !== at) return;
              used.add(e);
              const next = back ? e.from : e.to;
              if (!seen.has(next)) { seen.add(next); todo.push(next); }
            });
          }
          return { seen, used };
        };
        up = reach(true);
        down = reach(false);
        boxes.forEach((b) => b.div.classList.toggle("on", up.seen.has(b.table.index) || down.seen.has(b.table.index)));
        boxOf.get(what.node).name.classList.add("it");
        edges.forEach((e) => { if (up.used.has(e)) e.path.classList.add("on", "up"); else if (down.used.has(e)) e.path.classList.add("on", "down"); });
        tell(what.table, null, up.seen.size - 1, down.seen.size - 1, "table");
        return;
      }
      const start = what.column !== undefined ? [what.column] : boxOf.get(what.table.index).columns;
      const traced = trace(start);
      traced.seen.forEach((i) => {
        const button = buttons.get(i);
        if (!button) return;
        button.classList.add("on");
        button.closest(".box").classList.add("on");
      });
      start.forEach((i) => buttons.get(i) && buttons.get(i).classList.add("it"));
      ownEdges = edges.filter((e) => traced.up.edges.has(e.edge) || traced.down.edges.has(e.edge));
      ownEdges.forEach((e) => e.path.classList.add("on", traced.up.edges.has(e.edge) ? "up" : "down"));
      const c = what.column !== undefined ? columns[what.column] : null;
      tell(c ? M.tables[c.table] : what.table, c, traced.up.seen.size - start.length, traced.down.seen.size - start.length, "column");
      if (only) { only.hidden = narrowed !== null; only.onclick = () => { narrowed = start; draw(); }; }
    };
    const tell = (table, column, up, down, word) => {
      said.replaceChildren($("b", { className: "mono", textContent: table.id + (column ? "." + column.name : "") }), ` ${column ? column.type : table.kind}: comes from ${count(up, word)}, goes to ${count(down, word)}. `);
      if (table !== focus) said.append($("a", { href: pageOf(table, column), textContent: "Open its page" }));
    };

    place.querySelectorAll("input").forEach((box) => box.addEventListener("change", () => { narrowed = null; draw(); }));
    if (only) all.addEventListener("click", () => { narrowed = null; draw(); });
    place.addEventListener("keydown", (event) => { if (event.key === "Escape") clear(); });
    place.pick = pick;
    clear();
    draw();
    const own = focus && place.drawn && place.drawn.boxOf.get(focus.index);
    if (own) {
      const zoom = Number(place.drawn.graph.style.zoom);
      canvas.scrollLeft = (own.x + WIDTH / 2) * zoom - canvas.clientWidth / 2;
      canvas.scrollTop = (own.y + own.height / 2) * zoom - canvas.clientHeight / 2;
    }
  };
  document.querySelectorAll(".lineage").forEach(picture);

  // An address may name a column.
  const follow = () => {
    const wanted = decodeURIComponent(location.hash.slice(1));
    document.querySelectorAll("tr.picked").forEach((row) => row.classList.remove("picked"));
    if (!wanted) return;
    const place = document.querySelector(".lineage[data-level=column]");
    const table = place && place.dataset.table;
    const number = byName.get(table ? table + "/" + wanted : wanted);
    if (number === undefined) return;
    const row = document.getElementById(wanted);
    if (row) { row.hidden = false; row.classList.add("picked"); }
    if (place.drawn && place.drawn.buttons.has(number)) {
      place.pick({ column: number }, true);
      if (!table) place.drawn.buttons.get(number).scrollIntoView({ block: "center", inline: "center" });
    }
  };
  addEventListener("hashchange", follow);
  follow();
})();
