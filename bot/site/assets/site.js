// All the scripts of Qiaojin's archive, in plain JavaScript; every page works without them, the search page says so.
"use strict";

(() => {
  const page = document.documentElement;
  const onPage = (run) => document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", run) : run();

  // What a visitor chose; a browser may keep nothing, and then nothing is remembered.
  const memory = {
    get(name) { try { return localStorage.getItem(`qiaojin.${name}`); } catch { return null; } },
    set(name, value) { try { localStorage.setItem(`qiaojin.${name}`, value); } catch { /* kept for this page only */ } },
  };

  // --- light and dark: before the page is painted -----------------------------------------------------------------

  const isDark = () => (page.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const chosen = memory.get("theme");
  if (chosen === "dark" || chosen === "light") page.dataset.theme = chosen;

  const setUpTheme = (button) => {
    const tell = () => button.setAttribute("aria-pressed", String(isDark()));
    button.hidden = false;
    button.addEventListener("click", () => {
      page.dataset.theme = isDark() ? "light" : "dark";
      memory.set("theme", page.dataset.theme);
      tell();
    });
    tell();
  };

  // --- languages ----------------------------------------------------------------------------------------------------

  if ("choose" in page.dataset) {
    const told = memory.get("language") ?? (navigator.languages ?? [navigator.language]).find((one) => /^(zh|en)/i.test(one)) ?? "en";
    location.replace(`${/^zh/i.test(told) ? "zh" : "en"}/index.html`);
  }

  const setUpLanguage = (link) => link.addEventListener("click", () => {
    memory.set("language", link.dataset.language);
    link.search = location.search;
  });

  // --- copying ------------------------------------------------------------------------------------------------------

  const setUpCopy = (button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.parentElement.querySelector("pre").textContent);
      button.textContent = button.dataset.copy;
    });
  };

  // --- words, through the same sieve as bot/rules/tokens.py ----------------------------------------------------------

  const CJK = "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3";
  const IS_CJK = new RegExp(`^[${CJK}]`);
  const PIECE = new RegExp(`[${CJK}]+|(?:(?![${CJK}])[\\p{L}\\p{N}])+`, "gu");

  const plain = (text) => /^[\x00-\x7f]*$/.test(text) ? text.toLowerCase()
    : text.normalize("NFKC").toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").normalize("NFC");
  const pieces = (text) => plain(text).match(PIECE) ?? [];
  const pairs = (run) => run.length < 2 ? [run] : Array.from({ length: run.length - 1 }, (_, at) => run.slice(at, at + 2));
  const tokens = (text) => pieces(text).flatMap((piece) => IS_CJK.test(piece) ? pairs(piece) : [piece]);

  // --- the index: a file a month, newest first, read when a search needs it --------------------------------------------

  const index = { months: new Map(), terms: null };
  window.qiaojin = (told) => {
    if (told.terms) index.terms = new Map(Object.entries(told.terms));
    else index.months.set(told.month, told.papers.map((row) => prepared(told.month, row)));
  };

  const prepared = (month, [id, title, day, directions, level, families, words]) => {
    const head = ` ${tokens(title).join(" ")}`;
    return { id, title, day: `${month}-${String(day).padStart(2, "0")}`, directions, level, head, by: ` ${families}`, all: `${head} ${families} ${words} ${tokens(id).join(" ")}` };
  };

  const load = (address) => new Promise((done) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = script.onerror = () => done();
    document.head.append(script);
  });

  // --- a question: groups of phrases, of each of which a paper must hold one -------------------------------------------

  const LONGEST_TERM = 12, FILLER = new Set("的了与和及或吗呢在是");
  const phrase = (words, open) => ` ${words}${open ? "" : " "}`;

  // The longest known terms of a Chinese run, each with what it is in English; pairs of what stands between them.
  const chinese = (run) => {
    const groups = [];
    let rest = "";
    const flush = () => { if (rest) groups.push(...pairs(rest).map((pair) => [phrase(pair, true)])); rest = ""; };
    for (let at = 0; at < run.length;) {
      let size = Math.min(LONGEST_TERM, run.length - at);
      while (size > 1 && !index.terms?.has(run.slice(at, at + size))) size -= 1;
      const term = run.slice(at, at + size), english = size > 1 && index.terms?.get(term);
      if (english) {
        flush();
        groups.push([phrase(pairs(term).join(" "), true), ...english.map((one) => phrase(one.replace("*", ""), one.endsWith("*")))]);
      } else if (FILLER.has(term)) flush();
      else rest += term;
      at += size;
    }
    flush();
    return groups;
  };

  const groupsOf = (word, open) => {
    const found = pieces(word);
    return found.flatMap((piece, at) => IS_CJK.test(piece) ? chinese(piece) : [[phrase(piece, open && at === found.length - 1 || piece.length > 3)]]);
  };
  const sideBySide = (words) => {
    const found = pieces(words);
    return found.some((piece) => IS_CJK.test(piece)) ? groupsOf(words, false) : found.length ? [[phrase(found.join(" "), false)]] : [];
  };

  // --- what is written: the part of bot/rules/query that this index can answer ------------------------------------------

  const FIELDS = {
    ti: "head", title: "head", 标题: "head", 题目: "head", 题: "head", au: "by", author: "by", authors: "by", 作者: "by",
    id: "all", arxiv: "all", 编号: "all", since: "since", after: "since", from: "since", 自: "since", 自从: "since", 起始: "since",
    compute: "compute", 算力: "compute", dir: "direction", direction: "direction", 方向: "direction",
    cat: "", category: "", 分类: "", 类别: "", has: "", 含: "", 有: "", saved: "", 收藏: "", 文库: "",
  };
  const LEVELS = { low: 1, 低: 1, medium: 2, 中: 2, high: 3, 高: 3 };
  const DAYS = { d: 1, 天: 1, 日: 1, w: 7, 周: 7, m: 30, 月: 30, y: 365, 年: 365 };
  const CLAUSE = /(-?)(?:(\p{L}{1,10}):)?(?:"([^"]*)"?|([^\s"()|,，、;；。！？!?]+))|\|/gu;
  const narrow = (words) => words.replace(/[“”„‟「」『』«»＂]/g, '"').replace(/：/g, ":").replace(/[（）]/g, " ").replace(/(^|\s)[−–—]/g, "$1-");

  const sinceOf = (text) => {
    if (/^\d{4}(-\d\d){0,2}$/.test(text)) return text;
    const ago = /^(\d{1,4})个?([dwmy天日周月年])/.exec(text.toLowerCase());
    return ago ? new Date(Date.now() - ago[1] * DAYS[ago[2]] * 864e5).toISOString().slice(0, 10) : "";
  };

  // What limits a search, read from a field's value; nothing where the value is not known.
  const limit = (field, value, labels) => {
    if (field === "since") return sinceOf(value);
    if (field === "compute") return LEVELS[value.toLowerCase()];
    return field && Object.keys(labels).find((slug) => slug && [slug, labels[slug].toLowerCase()].includes(value.toLowerCase()));
  };

  // Groups, limits, what was left out, and whether more than plain words was written.
  const asked = (words, labels) => {
    const told = { groups: [], limits: {}, omitted: [], isWritten: /["():|]|(^|\s)-\S|(^|\s)(OR|或|或者)(\s|$)/.test(narrow(words)) };
    const clauses = [...narrow(words).matchAll(CLAUSE)];
    let either = false;
    clauses.forEach(([whole, minus, name, quoted, word], at) => {
      if (["|", "OR", "或", "或者"].includes(whole)) { either = told.groups.length > 0; return; }
      if (Object.hasOwn(FIELDS, word?.toLowerCase().replace(/:$/, "") ?? "") && word.endsWith(":")) return;
      const field = Object.hasOwn(FIELDS, name?.toLowerCase() ?? "") ? FIELDS[name.toLowerCase()] : null, value = quoted ?? word;
      if (field !== null && !["head", "by", "all"].includes(field)) {
        const known = minus ? "" : limit(field, value, labels);
        if (known) told.limits[field] = known; else told.omitted.push(whole);
        return;
      }
      const text = name && field === null ? `${name} ${value}` : value, where = field ?? "all";
      const groups = (quoted !== undefined || minus ? sideBySide(text) : groupsOf(text, at === clauses.length - 1)).map((any) => ({ any, where, without: Boolean(minus) }));
      const last = told.groups.at(-1);
      if (either && groups.length === 1 && last.where === where && !minus && !last.without) last.any.push(...groups[0].any);
      else if (groups.length > 1 && (minus || either)) told.omitted.push(whole);
      else told.groups.push(...groups);
      either = false;
    });
    return told;
  };

  const holds = (text, any) => { const whole = `${text} `; return any.some((one) => whole.includes(one)); };

  // All groups, or (loosely) some: how much of the question stands in the title, and elsewhere.
  const score = (paper, groups, loosely) => {
    let total = groups.every((group) => group.without) ? 1 : 0;
    for (const { any, where, without } of groups) {
      const there = holds(paper[where], any);
      if (without ? there : !there && !loosely) return 0;
      if (!without && there) total += where === "all" && !holds(paper.head, any) ? 1 : 3;
    }
    return total;
  };

  const MOST = 100;

  const setUpSearch = (form) => {
    const { home, root, shards, slugs, abstract } = form.dataset;
    const months = shards.split(" ").filter(Boolean), names = slugs.split(" ");
    const field = form.elements.q, told = document.getElementById("told"), list = document.getElementById("found");
    const labels = Object.fromEntries([...form.elements.direction.options].map((one) => [one.value, one.text]));
    const levels = [...form.elements.compute.options];
    let turn = 0, served = location.protocol.startsWith("http");

    const place = (id) => id.includes("/") ? `paper/${id}.html` : `paper/${id.slice(0, 4)}/${id}.html`;
    const element = (name, values = {}, ...children) => {
      const made = Object.assign(document.createElement(name), values);
      made.append(...children);
      return made;
    };

    const marked = (title, groups) => {
      const words = [...new Set(groups.filter((group) => !group.without).flatMap((group) => group.any).flatMap((one) => one.trim().split(" ")))].filter((word) => word.length > 1 && !IS_CJK.test(word));
      if (!words.length) return [title];
      const pattern = new RegExp(`\\b(${words.map((word) => word.replace(/[^\p{L}\p{N}]/gu, "")).join("|")})`, "giu");
      return title.split(pattern).map((part, at) => at % 2 ? element("mark", {}, part) : part);
    };

    const item = (paper, groups) => {
      const meta = element("p", { className: "meta" });
      if (paper.level) meta.append(element("span", { className: `badge ${levels[paper.level].value}` }, levels[paper.level].text), " ");
      for (const at of paper.directions) if (names[at]) meta.append(element("a", { className: "tag", href: `${home}direction/${names[at]}/index.html` }, labels[names[at]]), " ");
      meta.append(element("span", { className: "by" }, `${paper.day ?? ""} · ${paper.id}`));
      const href = paper.href ?? `${home}${place(paper.id)}`;
      return element("li", {}, element("h2", {}, element("a", { href, lang: "en" }, ...marked(paper.title, groups))), meta);
    };

    const show = (papers, groups, text) => {
      told.textContent = text;
      list.replaceChildren(...papers.slice(0, MOST).map((paper) => item(paper, groups)));
    };

    const fits = (paper, limits) => {
      const direction = names.indexOf(form.elements.direction.value), level = form.elements.compute.selectedIndex;
      return (direction < 0 || paper.directions.includes(direction)) && (level < 1 || paper.level === level)
        && (!limits.direction || paper.directions.includes(names.indexOf(limits.direction)))
        && (!limits.compute || paper.level === limits.compute) && (!limits.since || paper.day >= limits.since);
    };

    const found = ({ groups, limits }, loosely) => months.flatMap((month) => index.months.get(month) ?? [])
      .filter((paper) => fits(paper, limits))
      .map((paper) => [groups.length ? score(paper, groups, loosely) : 1, paper])
      .filter(([points]) => points > 0)
      .sort(([one, a], [other, b]) => other - one || (a.day < b.day ? 1 : a.day > b.day ? -1 : 0))
      .map(([, paper]) => paper);

    // Where Qiaojin itself serves these pages its own search answers, too; elsewhere the first answer says that it does not.
    const ask = async (words) => {
      if (!served || !words.trim()) return null;
      const { direction, compute } = form.elements;
      const whole = [`(${words})`, direction.value && `dir:${direction.value}`, compute.value && `compute:${compute.value}`];
      try {
        const answer = await fetch(`${root}search.json?q=${encodeURIComponent(direction.value || compute.value ? whole.filter(Boolean).join(" ") : words)}`);
        served = answer.ok && (answer.headers.get("content-type") ?? "").includes("json");
        return served ? await answer.json() : null;
      } catch { served = false; return null; }
    };

    const remote = (paper, here) => here.get(paper.id) ?? {
      id: String(paper.id), title: String(paper.title), day: paper.announced,
      directions: paper.directions.map((one) => names.indexOf(one.slug)), level: LEVELS[paper.compute.level] ?? 0,
      href: /^https?:/.test(paper.url) ? paper.url : abstract.replace("{id}", paper.id),
    };

    const suggest = (words) => {
      const button = element("button", { type: "button", className: "button" }, words);
      button.addEventListener("click", () => { field.value = words; search(); });
      told.append(" ", told.dataset.meant, " ", button);
    };

    const remember = () => {
      const values = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
      try { history.replaceState(null, "", `${location.pathname}${values.size ? `?${values}` : ""}`); } catch { /* a file has no history */ }
    };

    const search = async () => {
      const mine = ++turn, words = field.value;
      remember();
      if (!index.terms && [...plain(words)].some((char) => IS_CJK.test(char))) await load(`${root}search/terms.js`);
      const question = asked(words, labels), { groups, limits, omitted } = question;
      const isEmpty = !groups.length && !Object.keys(limits).length && !form.elements.direction.value && !form.elements.compute.value;
      const left = omitted.length ? told.dataset.omitted.replace("{what}", omitted.join(" ")) : "";
      if (isEmpty && !(left && served)) { show([], [], left || told.dataset.hint); return; }
      for (const month of [null, ...months]) {
        if (month !== null && index.months.has(month)) continue;
        if (month !== null) await load(`${root}search/${month}.js`);
        if (mine !== turn) return;
        const papers = isEmpty ? [] : found(question, false);
        if (papers.length) show(papers, groups, told.dataset.loading);
        else told.textContent = told.dataset.loading;
      }
      const here = new Map(months.flatMap((month) => index.months.get(month) ?? []).map((paper) => [paper.id, paper]));
      const answer = await ask(words);
      if (mine !== turn) return;
      const theirs = (answer?.papers ?? []).filter((paper) => !paper.loose).map((paper) => remote(paper, here));
      const isTheirs = answer && question.isWritten;
      let papers = isTheirs ? theirs : [...(isEmpty ? [] : found(question, false)), ...theirs.filter((paper) => !here.has(paper.id))], loosely = false;
      const total = isTheirs && theirs.length ? answer.total : papers.length;
      if (!papers.length && !question.isWritten && groups.length > 1) { papers = found(question, true); loosely = papers.length > 0; }
      const shown = Math.min(papers.length, MOST), count = total > shown ? told.dataset.most.replace("{most}", shown) : told.dataset.found;
      const text = loosely ? told.dataset.loose : papers.length ? count.replace("{n}", total) : told.dataset.none;
      show(papers, groups, left && !answer ? `${text} · ${left}` : text);
      if (!papers.length && answer?.did_you_mean) suggest(answer.did_you_mean);
    };

    const values = new URLSearchParams(location.search);
    for (const name of ["q", "direction", "compute"]) if (values.get(name)) form.elements[name].value = values.get(name);
    let waiting;
    form.hidden = false;
    form.addEventListener("submit", (event) => { event.preventDefault(); search(); });
    form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(search, 120); });
    field.focus();
    search();
  };

  onPage(() => {
    document.querySelectorAll("button.theme").forEach(setUpTheme);
    document.querySelectorAll("a[data-language]").forEach(setUpLanguage);
    document.querySelectorAll("button[data-copy]").forEach(setUpCopy);
    document.querySelectorAll("form#search").forEach(setUpSearch);
  });
})();
