(() => {
  "use strict";

  const data = JSON.parse(document.getElementById("data").textContent);
  const at = (id) => document.getElementById(id);
  const NARROW = 480; // pixels of a chart whose legend has one column
  const LEAST_LABEL = 30; // pixels that the label of a column needs
  const QUANTILES = ["q05", "q25", "q50", "q75", "q95"];
  const PHASE_NAMES = {
    faithful: "faithful",
    collapsed: "collapsed",
    heat_death: "heat death",
    mixed: "mixed",
    starts_disagree: "the starts disagree",
  };
  const PHASE_LETTERS = { faithful: "F", collapsed: "C", heat_death: "H", mixed: "M" };
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const state = { study: 0, panel: 0, i: 0, j: 0, observable: 0 };

  // ---- Numbers ----

  const places = new Map([...data.alphabet].map((character, place) => [character, place]));

  function unpack(column, position) {
    const high = places.get(column.text[2 * position]);
    const low = places.get(column.text[2 * position + 1]);
    const code = high * data.alphabet.length + low;
    if (code < data.first_code) return code === 0 ? 0 : Infinity;
    const power = column.least + Math.floor((code - data.first_code) / 900);
    const mantissa = 100 + ((code - data.first_code) % 900);
    return Number(`${mantissa}e${power - 2}`);
  }

  function text(value) {
    if (value === null || value === undefined) return "–";
    if (value === "inf" || value === Infinity) return "∞";
    const size = Math.abs(value);
    if (size !== 0 && (size < 1e-4 || size >= 1e9)) {
      return value.toExponential(2).replace("-", "−").replace("e+", "e");
    }
    return value.toLocaleString("en", { maximumSignificantDigits: 4 }).replace("-", "−");
  }

  const range = (low, high) => `${text(low)} to ${text(high)}`;
  const percent = (share) => `${text(Number((100 * share).toPrecision(3)))} %`;
  const temperatureText = (value) => (value === "inf" ? "∞" : value);

  // ---- What is chosen ----

  const study = () => data.studies[state.study];
  const observable = () => data.observables[state.observable];

  function cellNumber(i = state.i, j = state.j, panel = state.panel) {
    const { temperatures, fresh_fractions: fractions } = study();
    return (panel * temperatures.length + i) * fractions.length + j;
  }

  function describe(i, j) {
    const { temperatures, fresh_fractions: fractions, cells } = study();
    const number = cellNumber(i, j);
    const [low, , median, , high] = cells.order.slice(5 * number, 5 * number + 5);
    const phase = data.phases[cells.phase[number]];
    const disagree = cells.joint && cells.joint[number] === data.disagree;
    return {
      number,
      phase,
      disagree,
      place: `T = ${temperatureText(temperatures[i])}, f = ${fractions[j]}`,
      words: PHASE_NAMES[phase] + (disagree ? ", and the starts disagree" : ""),
      order: `order parameter ${text(median)}`,
      orderRange: range(low, high),
    };
  }

  function nearest(values, wanted) {
    const distance = (value) =>
      Math.abs((value === "inf" ? 1e9 : Number(value)) - wanted);
    return values.reduce(
      (best, value, place) => (distance(value) < distance(values[best]) ? place : best), 0);
  }

  function usualCell() {
    state.i = nearest(study().temperatures, 0.5);
    state.j = nearest(study().fresh_fractions, 0.1);
  }

  function readAddress() {
    const wanted = new URLSearchParams(location.hash.slice(1));
    const find = (list, value, otherwise) => {
      const place = list.indexOf(value);
      return place < 0 ? otherwise : place;
    };
    state.study = find(data.studies.map((each) => each.name), wanted.get("study"), 0);
    state.panel = find(study().panels.map((each) => each.key), wanted.get("panel"), 0);
    usualCell();
    state.i = find(study().temperatures, wanted.get("T"), state.i);
    state.j = find(study().fresh_fractions, wanted.get("f"), state.j);
    state.observable = find(
      data.observables.map((each) => each.name), wanted.get("observable"), 0);
  }

  function writeAddress() {
    const chosen = new URLSearchParams({
      study: study().name,
      panel: study().panels[state.panel].key,
      T: study().temperatures[state.i],
      f: study().fresh_fractions[state.j],
      observable: observable().name,
    });
    history.replaceState(null, "", `#${chosen}`);
  }

  // ---- Pieces of the page ----

  function element(name, properties = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (key in made) made[key] = value;
      else made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  }

  function fillSelect(select, texts, chosen) {
    select.replaceChildren(
      ...texts.map((each, place) => element("option", { value: String(place) }, each)));
    select.value = String(chosen);
  }

  function fillTable(table, caption, columns, rows) {
    if (!rows.length) {
      table.replaceChildren();
      return;
    }
    const head = element("tr", {}, ...columns.map((each) => element("th", { scope: "col" }, each)));
    const body = rows.map(([first, ...rest]) => element(
      "tr", {},
      element("th", { scope: "row" }, first),
      ...rest.map((each) => element("td", {}, each))));
    table.replaceChildren(
      element("caption", {}, caption), element("thead", {}, head), element("tbody", {}, ...body));
  }

  function drawing(name, attributes) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  // ---- The diagram ----

  const grid = at("grid");
  let buttons = [];

  function showDiagram() {
    const { temperatures, fresh_fractions: fractions, cells, question, facts } = study();
    at("question").textContent = question;
    at("facts").replaceChildren(...facts.map((each) => element("li", {}, each)));
    grid.style.gridTemplateColumns = `2.1rem repeat(${temperatures.length}, minmax(0, 1fr))`;
    grid.style.setProperty("--rows", fractions.length);
    buttons = temperatures.map(() => []);
    const pieces = [];
    for (let j = fractions.length - 1; j >= 0; j -= 1) {
      pieces.push(element("span", { className: "row-label", "aria-hidden": "true" }, fractions[j]));
      temperatures.forEach((_, i) => {
        const cell = describe(i, j);
        const differs = (other) => cells.phase[other] !== cells.phase[cell.number];
        const classes = [
          cells.dark[cell.number] && "on-dark",
          cell.disagree && "disagree",
          i + 1 < temperatures.length && differs(cellNumber(i + 1, j)) && "edge-right",
          j + 1 < fractions.length && differs(cellNumber(i, j + 1)) && "edge-top",
        ];
        const button = element("button", {
          type: "button",
          className: classes.filter(Boolean).join(" "),
          "aria-label": `${cell.place}: ${cell.words}, ${cell.order}`,
          "aria-pressed": "false",
          tabIndex: -1,
        }, PHASE_LETTERS[cell.phase]);
        button.style.setProperty("--cell", cells.colour[cell.number]);
        button.dataset.i = i;
        button.dataset.j = j;
        buttons[i][j] = button;
        pieces.push(button);
      });
    }
    pieces.push(element("span", { "aria-hidden": "true" }));
    for (const each of temperatures) {
      const upright = each === "inf" ? " upright" : "";
      pieces.push(element(
        "span", { className: `column-label${upright}`, "aria-hidden": "true" },
        temperatureText(each)));
    }
    grid.replaceChildren(...pieces);
    showOverlay();
    showLegend();
  }

  function showOverlay() {
    const { temperatures, fresh_fractions: fractions, lines } = study();
    const overlay = at("overlay");
    overlay.setAttribute("viewBox", `0 0 ${temperatures.length} ${fractions.length}`);
    const paths = (lines[state.panel] || []).flatMap(({ style, corners }) => {
      const steps = [];
      for (let k = 0; k < corners.length; k += 2) {
        steps.push(`${k ? "L" : "M"}${corners[k]} ${fractions.length - corners[k + 1]}`);
      }
      const d = steps.join("");
      return [drawing("path", { d, class: "casing" }), drawing("path", { d, class: style })];
    });
    overlay.replaceChildren(...paths);
    fitGrid();
  }

  function fitGrid() {
    grid.classList.toggle("crowded", buttons[0][0].offsetWidth < LEAST_LABEL);
    placeOverlay();
  }

  function placeOverlay() {
    const { fresh_fractions: fractions } = study();
    const first = buttons[0][fractions.length - 1];
    const last = buttons[buttons.length - 1][0];
    Object.assign(at("overlay").style, {
      left: `${first.offsetLeft}px`,
      top: `${first.offsetTop}px`,
      width: `${last.offsetLeft + last.offsetWidth - first.offsetLeft}px`,
      height: `${last.offsetTop + last.offsetHeight - first.offsetTop}px`,
    });
  }

  function showLegend() {
    const { order_limits: [low, high], tolerance, cells, lines } = study();
    at("scale-low").textContent = `one outcome: ${text(low)}`;
    at("scale-high").textContent = `uniform: ${text(high)}`;
    at("scale-bar").style.background = `linear-gradient(to right, ${data.gradient.join(", ")})`;
    const keys = [
      ["F", `faithful: total variation ≤ ${text(tolerance)}`],
      ["C", "collapsed: fewer effective outcomes"],
      ["H", "heat death: more of them"],
    ];
    if (cells.phase.includes(data.phases.indexOf("mixed"))) keys.push(["M", "mixed: no majority"]);
    const items = keys.map(([letter, words]) => element(
      "li", {}, element("span", { className: "sample", "aria-hidden": "true" }, letter), words));
    if (cells.joint) {
      items.push(element(
        "li", {},
        element("span", { className: "sample disagree", "aria-hidden": "true" }),
        "the starts disagree"));
    }
    const styles = {
      critical: "theory: below it a model can stay collapsed, or must leave the target",
      rarest: "theory: the same for the rarest outcome",
      tolerance: `theory: total variation ${text(tolerance)}`,
    };
    const drawn = new Set((lines[state.panel] || []).map((line) => line.style));
    for (const [style, words] of Object.entries(styles)) {
      if (!drawn.has(style)) continue;
      const sample = drawing("svg", { viewBox: "0 0 30 20", "aria-hidden": "true" });
      sample.append(drawing("path", { d: "M2 10H28", class: style }));
      const box = element("span", { className: "sample", "aria-hidden": "true" });
      box.append(sample);
      items.push(element("li", {}, box, words));
    }
    at("keys").replaceChildren(...items);
  }

  function markCell() {
    for (const row of buttons) {
      for (const button of row) {
        button.tabIndex = -1;
        if (button.getAttribute("aria-pressed") === "true") {
          button.setAttribute("aria-pressed", "false");
        }
      }
    }
    const button = buttons[state.i][state.j];
    button.tabIndex = 0;
    button.setAttribute("aria-pressed", "true");
  }

  const tip = at("tip");

  function showTip(button) {
    const cell = describe(Number(button.dataset.i), Number(button.dataset.j));
    const name = observable();
    const quantiles = quantilesAt(cell.number, study().panels[state.panel].outputs.length - 1);
    tip.textContent =
      `${cell.place}\n${cell.words}\n${cell.order}\n` +
      `${name.title}: ${text(quantiles[2])}`;
    tip.hidden = false;
    const box = button.getBoundingClientRect();
    const size = tip.getBoundingClientRect();
    const left = Math.min(Math.max(4, box.left + box.width / 2 - size.width / 2),
      document.documentElement.clientWidth - size.width - 4);
    const above = box.top - size.height - 8;
    tip.style.left = `${left}px`;
    tip.style.top = `${above > 4 ? above : box.bottom + 8}px`;
  }

  const hideTip = () => { tip.hidden = true; };
  const buttonOf = (event) => event.target.closest("#grid button");

  grid.addEventListener("click", (event) => {
    const button = buttonOf(event);
    if (!button) return;
    state.i = Number(button.dataset.i);
    state.j = Number(button.dataset.j);
    show();
  });
  grid.addEventListener("pointerover", (event) => {
    const button = buttonOf(event);
    if (button) showTip(button);
    else hideTip();
  });
  grid.addEventListener("pointerleave", hideTip);
  grid.addEventListener("focusin", (event) => {
    const button = buttonOf(event);
    if (button && button.matches(":focus-visible")) showTip(button);
  });
  grid.addEventListener("focusout", hideTip);
  window.addEventListener("scroll", hideTip, { passive: true });
  grid.addEventListener("keydown", (event) => {
    const button = buttonOf(event);
    if (!button) return;
    if (event.key === "Escape") hideTip();
    const { temperatures, fresh_fractions: fractions } = study();
    const i = Number(button.dataset.i);
    const j = Number(button.dataset.j);
    const to = {
      ArrowLeft: [i - 1, j],
      ArrowRight: [i + 1, j],
      ArrowUp: [i, j + 1],
      ArrowDown: [i, j - 1],
      Home: [0, j],
      End: [temperatures.length - 1, j],
      PageUp: [i, fractions.length - 1],
      PageDown: [i, 0],
    }[event.key];
    if (!to || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const next = buttons[to[0]]?.[to[1]];
    if (!next) return;
    button.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });

  // ---- The cell ----

  function quantilesAt(number, checkpoint, name = observable().name) {
    const nCheckpoints = study().panels[state.panel].outputs.length;
    const first = (number * nCheckpoints + checkpoint) * QUANTILES.length;
    return QUANTILES.map((_, k) => unpack(study().curves[name], first + k));
  }

  function curveRows() {
    const { outputs, initial_size: size } = study().panels[state.panel];
    return outputs.map((sampled, checkpoint) => {
      const values = quantilesAt(cellNumber(), checkpoint);
      // Neither infinity nor, on a logarithmic axis, 0 has a place.
      const drawn = values.map((value) =>
        (Number.isFinite(value) && (value > 0 || !observable().logarithmic) ? value : null));
      return {
        outputs: sampled,
        growth: 1 + sampled / size,
        ...Object.fromEntries(QUANTILES.map((name, k) => [name, drawn[k]])),
        half: range(values[1], values[3]),
        most: range(values[0], values[4]),
        values,
      };
    });
  }

  function cellEquilibria() {
    const { equilibria, fresh_fractions: fractions } = study();
    return equilibria && equilibria[state.i * fractions.length + state.j];
  }

  const branchText = (each) =>
    (each.branch === "faithful" ? "faithful" : `locked in to ${each.outcome}`);

  function levelRows() {
    const name = observable().name;
    const levels = [];
    if (name in study().target) {
      levels.push({ value: study().target[name], kind: "target", text: "the target itself" });
    }
    for (const each of cellEquilibria() || []) {
      levels.push({
        value: each.values[name],
        kind: each.stable ? "stable equilibrium" : "unstable equilibrium",
        text: branchText(each),
      });
    }
    return levels.filter(({ value }) =>
      Number.isFinite(value) && (value > 0 || !observable().logarithmic));
  }

  function showCell() {
    const { temperatures, seeds, confidence, cells } = study();
    const cell = describe(state.i, state.j);
    const panel = study().panels[state.panel];
    at("cell-title").textContent = `${cell.place}: ${cell.words}`;
    at("cell-summary").textContent =
      `${study().name}${panel.text ? `, ${panel.text}` : ""}. ` +
      `After ${text(panel.outputs[panel.outputs.length - 1])} outputs the ${cell.order}, ` +
      `and in 90 % of the seeds ${cell.orderRange}.`;
    const shares = data.trajectory_phases.map((phase, k) => {
      const number = 3 * cell.number + k;
      const [low, high] = cells.interval.slice(2 * number, 2 * number + 2);
      return [PHASE_NAMES[phase], percent(cells.share[number]), `${percent(low)} to ${percent(high)}`];
    });
    fillTable(
      at("shares"), `Of ${text(seeds)} seeds, with Wilson intervals (${percent(confidence)})`,
      ["phase", "share", "interval"], shares);
    showEquilibria();
    showThresholds(temperatures[state.i]);
  }

  function showEquilibria() {
    const found = cellEquilibria();
    const rows = (found || []).map((each) => [
      branchText(each),
      each.stable ? "stable" : "not stable",
      text(each.values.total_variation),
      text(each.values.effective_outcomes),
      text(each.exponent),
    ]);
    at("equilibria-text").textContent = found
      ? "Where the mean-field flow rests: the limits of long runs from large starts. Of the states " +
        "locked in to one outcome those of the starts, of the two most frequent outcomes and of the " +
        "rarest one are listed."
      : study().equilibria
        ? "Theory is computed for temperatures above 0 and below ∞."
        : "Theory is computed for studies of a plane in which data accumulate one by one, without " +
          "sampling rules; this is another one.";
    if (found && found.some((each) => each.exponent === 0)) {
      at("equilibria-text").textContent += " Here every distribution is an equilibrium.";
    }
    fillTable(
      at("equilibria"), "κ: deviations shrink like the size of the data to the power of −κ",
      ["branch", "stability", "total variation", "effective outcomes", "κ"], rows);
  }

  function showThresholds(temperature) {
    const found = study().thresholds && study().thresholds[state.i];
    if (!found) {
      at("thresholds-text").textContent =
        "No critical fractions: see the equilibria for where theory is computed.";
      at("thresholds").replaceChildren();
      return;
    }
    at("thresholds-text").textContent = {
      fold: "Below the fraction that prevents collapse the faithful equilibrium is gone, or unstable; " +
        "above the one that undoes it, no collapsed model stays.",
      crossover: "There is no sharp threshold against collapse here: the faithful equilibrium turns " +
        "smoothly into the one locked in to the most frequent outcome, and only a tolerance says how " +
        "much fresh data is enough. Above the fraction that undoes collapse no other collapse stays.",
      unique: "At this temperature there is one equilibrium for every fresh fraction above 0.",
    }[found.kind];
    const rows = [];
    if (found.kind !== "unique") {
      rows.push(["prevents collapse", found.prevent === null ? "no threshold" : text(found.prevent)]);
      rows.push([`undoes collapse on any outcome; last: ${found.output}`, text(found.recover)]);
      const own = found.starts[study().panels[state.panel].start];
      if (own !== undefined) {
        rows.push(["undoes the collapse of this start", own === null ? "no threshold" : text(own)]);
      }
      rows.push(["undoes collapse on the rarest outcome", text(found.rarest)]);
    }
    for (const [tolerance, fraction] of found.tolerances) {
      rows.push([`keeps the total variation within ${text(tolerance)}`, text(fraction)]);
    }
    fillTable(
      at("thresholds"), `In theory, at T = ${temperatureText(temperature)}`,
      ["the least fresh fraction that", "f"], rows);
  }

  // ---- The chart ----

  let drawn = 0;

  function chartScale(rows) {
    let [low, high] = study().curves[observable().name].range;
    if (!observable().bounded) {
      // One cell may be anywhere, so that the range of all would hide what the others do.
      [low, high] = [0, Math.max(...rows.flatMap((row) => row.values).filter(Number.isFinite))];
    }
    const levels = levelRows().map((each) => each.value);
    const most = Math.max(high, ...levels);
    if (!observable().logarithmic) {
      return { domain: [0, most > 0 ? most : 1], zero: true, nice: true };
    }
    return { type: "log", domain: [Math.min(low, ...levels) / 1.1, most * 1.1], nice: false };
  }

  function twoLines(words) {
    if (words.length < 45) return words;
    const middle = words.lastIndexOf(" ", 45);
    return [words.slice(0, middle), words.slice(middle + 1)];
  }

  async function showChart() {
    const rows = curveRows();
    const name = observable();
    const units = name.units === "1" ? "" : ` (${name.units})`;
    at("chart-title").textContent = name.title;
    at("formula").textContent =
      `${name.formula}. Unit: ${name.units === "1" ? "1, a pure number" : name.units}.`;
    const [first, last] = [rows[0], rows[rows.length - 1]];
    at("chart-text").textContent =
      `Median ${text(first.values[2])} at the start and ${text(last.values[2])} at the end; ` +
      `half of the seeds end at ${last.half}, 90 % at ${last.most}. ` +
      "Line: median; bands: half and 90 % of the seeds." +
      (rows.some((row) => row.values.includes(Infinity)) ? " Infinite where it is missing." : "");
    fillTable(
      at("numbers-table"), name.title + units,
      ["outputs sampled", "5 %", "25 %", "median", "75 %", "95 %"],
      rows.map((row) => [text(row.outputs), ...row.values.map(text)]));
    const chart = at("chart");
    chart.dataset.drawn = "0";
    if (!window.vegaEmbed) return;
    drawn += 1;
    const mine = drawn;
    const specification = structuredClone(data.chart[dark.matches ? "dark" : "light"]);
    const scale = chartScale(rows);
    for (const layer of specification.layer) {
      layer.encoding.y.scale = scale;
      layer.encoding.y.title = twoLines(name.title + units);
      layer.encoding.y.axis = { format: "~g", titlePadding: 6 };
    }
    const levels = levelRows();
    const kinds = [...new Set(levels.map((each) => each.kind))];
    const narrow = chart.clientWidth < NARROW;
    for (const { encoding } of specification.layer) {
      if (narrow) encoding.x && (encoding.x.title = "1 + outputs sampled / ℓ₀");
      for (const channel of [encoding.color, encoding.strokeDash]) {
        if (!channel) continue;
        // Of an empty legend the library cannot tell the height.
        channel.legend = kinds.length
          ? { ...channel.legend, values: kinds, columns: narrow ? 1 : 3 }
          : null;
      }
    }
    specification.datasets = { curve: rows, levels };
    // Its width is that of its place, so it is drawn there, unseen until it is whole.
    const holder = element("div", { className: "unseen" });
    chart.append(holder);
    await window.vegaEmbed(holder, specification, {
      renderer: "svg",
      // Expressions are interpreted, since the page's policy lets no text become code.
      ast: true,
      actions: !narrow && { export: true, source: false, compiled: false, editor: false },
      downloadFileName: "heatdeath",
      tooltip: { theme: dark.matches ? "dark" : "light" },
    });
    // Of several that were asked for while one was drawn, the last one counts.
    if (mine !== drawn) {
      holder.remove();
      return;
    }
    holder.classList.remove("unseen");
    chart.replaceChildren(holder);
    chart.dataset.drawn = "1";
  }

  // ---- All of it ----

  function show({ diagram = false } = {}) {
    const { panels, panel_axis: axis, temperatures, fresh_fractions: fractions } = study();
    if (diagram) {
      fillSelect(at("panel"), panels.map((each) => each.text), state.panel);
      at("panel-label").hidden = panels.length < 2;
      at("panel-name").textContent = axis.charAt(0).toUpperCase() + axis.slice(1);
      fillSelect(at("temperature"), temperatures.map(temperatureText), state.i);
      fillSelect(at("fresh-fraction"), fractions, state.j);
      showDiagram();
    }
    at("study").value = String(state.study);
    at("panel").value = String(state.panel);
    at("temperature").value = String(state.i);
    at("fresh-fraction").value = String(state.j);
    at("observable").value = String(state.observable);
    markCell();
    showCell();
    writeAddress();
    showChart();
  }

  function onChoice(id, change, options) {
    at(id).addEventListener("change", (event) => {
      change(Number(event.target.value));
      show(options);
    });
  }

  fillSelect(at("study"), data.studies.map((each) => each.name), 0);
  fillSelect(at("observable"), data.observables.map((each) => each.title), 0);
  onChoice("study", (chosen) => {
    const was = [study().temperatures[state.i], study().fresh_fractions[state.j]];
    state.study = chosen;
    state.panel = 0;
    usualCell();
    const [i, j] = [study().temperatures.indexOf(was[0]), study().fresh_fractions.indexOf(was[1])];
    if (i >= 0 && j >= 0) [state.i, state.j] = [i, j];
  }, { diagram: true });
  onChoice("panel", (chosen) => { state.panel = chosen; }, { diagram: true });
  onChoice("temperature", (chosen) => { state.i = chosen; });
  onChoice("fresh-fraction", (chosen) => { state.j = chosen; });
  onChoice("observable", (chosen) => { state.observable = chosen; });
  at("choices").addEventListener("submit", (event) => event.preventDefault());
  at("version").textContent = data.version;
  window.addEventListener("hashchange", () => {
    readAddress();
    show({ diagram: true });
  });
  new ResizeObserver(fitGrid).observe(grid);
  dark.addEventListener("change", showChart);
  window.addEventListener("libraries", showChart);
  window.addEventListener("beforeprint", () => { at("legend").open = true; });
  // On a phone the chart of a cell should stand right below the diagram.
  at("legend").open = window.innerWidth >= 800;
  readAddress();
  show({ diagram: true });
})();
