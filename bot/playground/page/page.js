// The playground's page: one chat client for everybody in the town. State comes as server-sent events, acts go out as
// POSTs; messages are in the Bot API's own shape, drawn from text and entities, never from HTML.
"use strict";

const $ = (id) => document.getElementById(id);
const ZONES = ["Asia/Shanghai", "UTC", "Europe/Berlin", "America/New_York"];
const HOME = { zh: "Asia/Shanghai", en: "UTC" };
const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote",
};
// They stand in lines of their own: a line's end next to one is not drawn.
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

const state = {
  words: {}, menus: {}, bot: null, emoji: [], people: [], chats: new Map(), person: 0, chat: 0, awake: false, ended: false,
  unread: new Map(), offset: 0, zone: "", reply: 0, file: null, inline: { asked: "", question: "", next: "" }, option: -1,
};

// --- small things ---------------------------------------------------------------------------------------------------

function node(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

function say(name, values = {}) {
  return Object.entries(values).reduce((text, [key, value]) => text.replaceAll(`{${key}}`, value), state.words[name] || "");
}

async function act(name, fields) {
  const body = JSON.stringify({ person: state.person, chat: state.chat, ...fields });
  return answered(await fetch(`/act/${name}`, { method: "POST", body }));
}

async function answered(response) {
  const told = await response.json();
  if (!response.ok) toast(told.error);
  return response.ok ? told : null;
}

let fading = 0;
function toast(text) {
  const shown = $("toast");
  shown.textContent = text;
  shown.hidden = false;
  clearTimeout(fading);
  fading = setTimeout(() => { shown.hidden = true; }, 4000);
}

const me = () => state.people.find((person) => person.id === state.person);
const open = () => state.chats.get(state.chat);
const language = () => (me() && me().language === "zh" ? "zh" : "en");
const nameOf = (id) => (id === state.bot.id ? state.bot.first_name : (state.people.find((person) => person.id === id) || {}).name || "");

function remembered(name, value) {
  try {
    if (value === undefined) return localStorage.getItem(`qiaojin-${name}`);
    localStorage.setItem(`qiaojin-${name}`, value);
  } catch { /* a browser that keeps nothing */ }
  return null;
}

// --- time -----------------------------------------------------------------------------------------------------------

const zone = () => state.zone || HOME[language()];

function parts(moment) {
  const locale = language() === "zh" ? "zh-CN" : "en-GB";
  const shape = { weekday: "short", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone() };
  return Object.fromEntries(new Intl.DateTimeFormat(locale, shape).formatToParts(moment).map((part) => [part.type, part.value]));
}

function day(moment) {
  const p = parts(moment);
  return language() === "zh" ? `${p.year}年${p.month}${p.month.endsWith("月") ? "" : "月"}${p.day}日 ${p.weekday}` : `${p.weekday} ${p.day} ${p.month} ${p.year}`;
}

function hour(moment) {
  const p = parts(moment);
  return `${p.hour}:${p.minute}`;
}

const present = () => new Date(Date.now() + state.offset);

function showTime() {
  const now = present();
  $("now").textContent = `${day(now)}${language() === "zh" ? " " : ", "}${hour(now)}`;
  $("now").dateTime = now.toISOString();
}

function setTime(now) {
  state.offset = new Date(now) - Date.now();
  showTime();
  $("wish").value = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short", timeZone: zone() }).format(present()).replace(" ", "T");
}

function showZones() {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const offered = ZONES.includes(own) || !own ? ZONES : [...ZONES, own];
  $("zone").replaceChildren(...offered.map((name) => node("option", { value: name, textContent: name.split("/").pop().replace("_", " ") })));
  $("zone").value = zone();
}

// --- text with entities ---------------------------------------------------------------------------------------------

// Entities nest; what sticks out of the one around it is cut.
function written(text, entities, from = 0, to = text.length) {
  const made = document.createDocumentFragment();
  let at = from;
  for (let number = 0; number < entities.length; number += 1) {
    const entity = entities[number];
    const start = Math.max(entity.offset, at);
    const end = Math.min(entity.offset + entity.length, to);
    if (start >= to || end <= start) continue;
    const block = BLOCKS.has(entity.type);
    made.append(block ? text.slice(at, start).replace(/\n$/, "") : text.slice(at, start));
    const inner = entities.slice(number + 1).filter((other) => other.offset < end);
    made.append(styled(entity, text.slice(start, end), written(text, inner, start, end)));
    at = block && text[end] === "\n" ? end + 1 : end;
  }
  made.append(text.slice(at, to));
  return made;
}

function styled(entity, text, inside) {
  switch (entity.type) {
    case "text_link": return link(entity.url, inside);
    case "url": return link(text, inside);
    case "bot_command": return node("button", { type: "button", className: "command", onclick: () => send(text) }, inside);
    case "expandable_blockquote": return folded(inside);
    case "spoiler": return spoiler(inside);
    case "mention": case "hashtag": return node("span", { className: "mention" }, inside);
    case "pre": return node("pre", {}, inside);
    default: return TAGS[entity.type] ? node(TAGS[entity.type], {}, inside) : inside;
  }
}

function link(url, inside) {
  const start = startOf(url);
  if (start !== null) return node("button", { type: "button", className: "command", onclick: () => follow(start) }, inside);
  return node("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, inside);
}

// The parameter of a link to our own bot, null for any other.
function startOf(url) {
  const found = new RegExp(`^(?:https?://)?t\\.me/${state.bot.username}(?:\\?start=([\\w-]*))?$`).exec(url);
  return found ? found[1] || "" : null;
}

async function follow(start) {
  openChat(state.person);
  await send(`/start ${start}`.trim());
}

function spoiler(inside) {
  const hidden = node("span", { className: "spoiler", tabIndex: 0, role: "button", ariaLabel: say("spoiler") }, inside);
  const show = () => { hidden.className = "spoiler shown"; hidden.removeAttribute("role"); hidden.removeAttribute("aria-label"); hidden.removeAttribute("tabindex"); };
  hidden.onclick = show;
  hidden.onkeydown = (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); show(); } };
  return hidden;
}

function folded(inside) {
  const content = node("div", { className: "folded" }, inside);
  const more = node("button", { type: "button", className: "fold", textContent: say("expand") });
  more.setAttribute("aria-expanded", "false");
  more.onclick = () => {
    const opened = content.classList.toggle("unfolded");
    more.textContent = say(opened ? "collapse" : "expand");
    more.setAttribute("aria-expanded", String(opened));
  };
  return node("blockquote", { className: "foldable" }, content, more);
}

function unfoldShort(element) {
  for (const content of element.querySelectorAll(".folded")) {
    content.nextElementSibling.hidden = content.scrollHeight <= content.clientHeight + 2;
  }
}

// --- messages -------------------------------------------------------------------------------------------------------

function bubble(message) {
  const mine = message.from && message.from.id === state.person;
  const text = message.text ?? message.caption ?? "";
  const entities = message.entities || message.caption_entities || [];
  const body = node("div", { className: "bubble" });
  if (!mine && open().type !== "private") body.append(node("p", { className: `who tone${sender(message).id % 5}`, textContent: sender(message).name }));
  if (message.via_bot) body.append(node("p", { className: "via", textContent: say("via", { name: `@${message.via_bot.username}` }) }));
  if (message.reply_to_message) body.append(quoted(message.reply_to_message));
  if (message.photo) body.append(picture(message));
  if (message.document) body.append(attachment(message.document));
  if (text) body.append(node("div", { className: "text" }, written(text, entities)));
  body.append(foot(message));
  const shown = node("article", { className: mine ? "message mine" : "message", id: `m${message.message_id}` }, body);
  if (message.reply_markup) shown.append(keyboard(message));
  return shown;
}

function sender(message) {
  return message.from ? { id: message.from.id, name: message.from.first_name } : { id: 0, name: message.sender_chat.title };
}

function quoted(message) {
  const text = message.text || message.caption || (message.document ? message.document.file_name : say("picture"));
  return node("button", { type: "button", className: "quoted", onclick: () => $(`m${message.message_id}`)?.scrollIntoView({ block: "center" }) },
    node("strong", { textContent: sender(message).name }), node("span", { textContent: text.slice(0, 90) }));
}

function picture(message) {
  const { file_id: id, width, height } = message.photo[message.photo.length - 1];
  const image = node("img", { src: `/files/${id}`, alt: message.caption || say("picture"), width, height });
  return node("a", { className: "picture", href: `/files/${id}`, target: "_blank" }, image);
}

function attachment(file) {
  const size = file.file_size < 1024 ? `${file.file_size} B` : `${(file.file_size / 1024).toFixed(1)} KB`;
  return node("a", { className: "document", href: `/files/${file.file_id}`, download: file.file_name, ariaLabel: say("download", { name: file.file_name }) },
    node("span", { className: "sheet", ariaHidden: "true", textContent: (file.file_name.split(".").pop() || "").slice(0, 4) }),
    node("span", {}, node("strong", { textContent: file.file_name }), node("small", { textContent: size })));
}

function foot(message) {
  const line = node("p", { className: "foot" });
  const counts = new Map();
  for (const emoji of Object.values(message.reactions || {})) counts.set(emoji, (counts.get(emoji) || 0) + 1);
  for (const [emoji, count] of counts) line.append(node("span", { className: "reaction", textContent: count > 1 ? `${emoji} ${count}` : emoji }));
  line.append(actions(message));
  if (message.edit_date) line.append(node("span", { textContent: say("edited") }));
  line.append(node("time", { dateTime: new Date(message.date * 1000).toISOString(), textContent: hour(message.date * 1000) }));
  return line;
}

function actions(message) {
  const tools = node("span", { className: "actions" });
  const own = (message.reactions || {})[state.person] || "";
  for (const emoji of state.emoji) {
    const chosen = emoji === own;
    const button = node("button", { type: "button", textContent: emoji, ariaLabel: say("react", { emoji }), ariaPressed: String(chosen) });
    button.onclick = () => act("react", { message: message.message_id, emoji: chosen ? "" : emoji });
    tools.append(button);
  }
  tools.append(node("button", { type: "button", textContent: "↩", ariaLabel: say("reply"), title: say("reply"), onclick: () => replyTo(message) }));
  return tools;
}

function keyboard(message) {
  const rows = message.reply_markup.inline_keyboard.map((row) => node("div", { className: "row" }, ...row.map((button) => key(message, button))));
  return node("div", { className: "keyboard" }, ...rows);
}

function key(message, button) {
  if (button.url && startOf(button.url) === null) {
    return node("a", { className: "key", href: button.url, target: "_blank", rel: "noopener noreferrer" }, button.text, node("span", { ariaHidden: "true", textContent: " ↗" }));
  }
  const made = node("button", { type: "button", className: "key", textContent: button.text });
  made.dataset.data = button.callback_data || "";
  made.onclick = () => (button.url ? follow(startOf(button.url)) : press(made, message, button.callback_data));
  return made;
}

async function press(button, message, data) {
  button.classList.add("busy");
  const told = await act("press", { message: message.message_id, data });
  button.classList.remove("busy");
  if (!told) return;
  if (told.text === undefined) toast(say("no_answer"));
  else if (told.alert) alert(told.text);
  else if (told.text) toast(told.text);
  const start = told.url ? startOf(told.url) : null;
  if (start !== null) follow(start);
}

function drawLog() {
  const log = $("log");
  log.setAttribute("aria-live", "off");
  log.replaceChildren();
  const messages = open() ? [...open().messages.values()] : [];
  messages.forEach((message, number) => append(message, messages[number - 1]));
  if (!messages.length) log.append(node("p", { className: "empty", textContent: say(open()?.type === "private" ? "hint_start" : "empty") }));
  log.scrollTop = log.scrollHeight;
  setTimeout(() => log.setAttribute("aria-live", "polite"), 50);
}

function append(message, before) {
  const log = $("log");
  log.querySelector(".empty")?.remove();
  const date = day(message.date * 1000);
  if (!before || day(before.date * 1000) !== date) log.append(node("p", { className: "date", textContent: date }));
  const shown = bubble(message);
  log.append(shown);
  unfoldShort(shown);
}

function place(chat, message) {
  const known = chat.messages.has(message.message_id);
  const before = [...chat.messages.values()].pop();
  chat.messages.set(message.message_id, message);
  if (chat.id !== state.chat) {
    if (!known) state.unread.set(chat.id, (state.unread.get(chat.id) || 0) + 1);
  } else if (known) {
    exchange(message);
  } else {
    const log = $("log");
    const near = log.scrollHeight - log.scrollTop - log.clientHeight < 160;
    append(message, before);
    const mine = message.from && message.from.id === state.person;
    if (near || mine) toEnd();
    else $("below").hidden = false;
  }
  drawChats();
}

// A changed message takes the place of what it was; who stood on one of its buttons still stands on one.
function exchange(message) {
  const old = $(`m${message.message_id}`);
  if (!old) return;
  const log = $("log");
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const shown = bubble(message);
  old.replaceWith(shown);
  unfoldShort(shown);
  if (atEnd) toEnd();
  if (focused) {
    const same = [...shown.querySelectorAll("[data-data]")].find((one) => one.dataset.data === focused.dataset.data);
    (same || shown.querySelector(".key") || $("text")).focus({ preventScroll: true });
  }
}

function toEnd() {
  const log = $("log");
  log.scrollTop = log.scrollHeight;
  $("below").hidden = true;
}

// --- people and chats -----------------------------------------------------------------------------------------------

const initial = (name) => [...name][0] || "?";
const visible = () => [...state.chats.values()].filter((chat) => chat.members.includes(state.person));
const isVisible = (id) => visible().some((chat) => chat.id === id);
const icon = (chat) => (chat.type === "channel" ? "📣" : chat.type === "supergroup" ? "👥" : "");

function drawPeople() {
  const shown = state.people.map((person) => {
    const button = node("button", { type: "button", className: "person", ariaPressed: String(person.id === state.person) },
      node("span", { className: `face tone${person.id % 5}`, ariaHidden: "true", textContent: initial(person.name) }), person.name);
    if (state.unread.get(person.id) && person.id !== state.person) button.append(node("span", { className: "dot", ariaHidden: "true" }));
    button.onclick = () => become(person.id);
    return button;
  });
  keepingFocus($("people"), shown);
}

function drawChats() {
  const shown = visible().map((chat) => {
    const last = [...chat.messages.values()].pop();
    const snippet = last ? last.text || last.caption || (last.document ? `📎 ${last.document.file_name}` : `🖼 ${say("picture")}`) : say("empty");
    const unread = state.unread.get(chat.id) || 0;
    const button = node("button", { type: "button", className: "entry" },
      node("span", { className: `face ${chat.type === "private" ? "bot" : ""}`, ariaHidden: "true", textContent: icon(chat) || "巧" }),
      node("span", { className: "line" }, node("strong", { textContent: chat.title }), node("time", { textContent: last ? hour(last.date * 1000) : "" })),
      node("span", { className: "line" }, node("span", { className: "snippet", textContent: snippet.slice(0, 80) }), unread ? node("span", { className: "count", textContent: unread }) : ""));
    if (chat.id === state.chat) button.setAttribute("aria-current", "true");
    button.onclick = () => openChat(chat.id);
    return node("li", {}, button);
  });
  keepingFocus($("chats"), shown);
  drawPeople();
}

// Drawing anew must not throw away where the keyboard stands.
function keepingFocus(list, shown) {
  const at = [...list.querySelectorAll("button")].indexOf(document.activeElement);
  list.replaceChildren(...shown);
  if (at >= 0) list.querySelectorAll("button")[at]?.focus();
}

function drawHead() {
  const chat = open();
  if (!chat) return;
  $("face").textContent = icon(chat) || "巧";
  $("face").className = chat.type === "private" ? "face bot" : "face";
  $("title").textContent = chat.title;
  $("about").textContent = chat.type === "private" ? say("in_private") : say("members", { names: [...chat.members.map(nameOf), ...(here(chat) ? [state.bot.first_name] : [])].join(", ") });
  const button = $("standing");
  button.hidden = !here(chat);
  button.textContent = say(chat.type === "private" ? "stop_bot" : "remove_bot");
  $("notice").hidden = state.awake && !state.ended;
  $("notice").textContent = say(state.ended ? "ended" : "asleep");
  drawGate(chat);
}

const here = (chat) => chat.standing === "member" || chat.standing === "administrator";

// What stands in the place of the composer, or above it, while the bot is not there.
function drawGate(chat) {
  const reading = chat.type === "channel" && chat.owner !== state.person;
  const alone = chat.type === "private" && !here(chat);
  $("gate").hidden = here(chat) && !reading;
  $("gate-text").textContent = reading ? say("channel_readonly") : alone ? "" : say("bot_absent");
  $("gate-button").hidden = reading;
  $("gate-button").textContent = say(alone ? (chat.standing === "left" ? "start" : "restart") : "add_bot");
  $("composer").hidden = reading || alone;
}

async function pass() {
  const chat = open();
  if (chat.type === "private" && chat.standing === "left") await send("/start");
  else await act("admit", { present: true });
  if (!$("composer").hidden) $("text").focus();
}

function openChat(id) {
  state.chat = id;
  state.unread.delete(id);
  state.reply = 0;
  state.file = null;
  if (location.hash !== `#${id}`) location.hash = String(id);
  document.body.classList.toggle("in-chat", id !== 0);
  drawAside();
  closeOffer();
  drawLog();
  drawHead();
  drawChats();
}

async function become(id) {
  state.person = id;
  const known = open() && open().members.includes(id);
  await dress();
  openChat(known ? state.chat : wide() ? id : 0);
}

// The page speaks as the person's client does.
async function dress() {
  const spoken = language();
  state.words = await (await fetch(`/texts/${spoken}`)).json();
  state.menus = {};
  state.zone = "";
  document.documentElement.lang = spoken === "zh" ? "zh-CN" : "en";
  document.title = say("title");
  for (const one of document.querySelectorAll("[data-text]")) one.textContent = say(one.dataset.text);
  for (const one of document.querySelectorAll("[data-label]")) one.setAttribute("aria-label", say(one.dataset.label));
  for (const one of document.querySelectorAll("[data-title]")) one.title = say(one.dataset.title);
  $("text").placeholder = say("message");
  $("text").setAttribute("aria-label", say("message"));
  $("language").value = spoken;
  showZones();
  showTime();
}

// --- writing --------------------------------------------------------------------------------------------------------

async function send(text) {
  const answers = state.reply;
  state.reply = 0;
  drawAside();
  return act("say", { text, answers });
}

async function submit() {
  const text = $("text").value.trim();
  if (state.file) return upload(text);
  if (!text) return;
  $("text").value = "";
  grow();
  closeOffer();
  await send(text);
}

async function upload(caption) {
  const file = state.file;
  state.file = null;
  $("file").value = "";
  $("text").value = "";
  drawAside();
  const query = new URLSearchParams({ person: state.person, chat: state.chat, name: file.name, caption });
  await answered(await fetch(`/attach?${query}`, { method: "POST", body: file }));
}

function replyTo(message) {
  state.reply = message.message_id;
  drawAside();
  $("text").focus();
}

function drawAside() {
  const answered = state.reply && open() ? open().messages.get(state.reply) : null;
  $("aside").hidden = !answered && !state.file;
  $("aside-text").textContent = state.file ? say("caption", { name: state.file.name })
    : answered ? `${say("replying")} ${(answered.text || answered.caption || "").slice(0, 80)}` : "";
}

function grow() {
  const text = $("text");
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, 160)}px`;
}

// --- what the composer offers: commands, and results of the inline mode ----------------------------------------------

function commands() {
  const spoken = language();
  state.menus[spoken] ||= fetch(`/menu/${spoken}`).then((answer) => answer.json());
  return state.menus[spoken];
}

let asking = 0;
async function suggest() {
  const text = $("text").value;
  const mention = `@${state.bot.username} `;
  clearTimeout(asking);
  if (/^\/\w*$/.test(text)) {
    const begun = text.slice(1).toLowerCase();
    const fitting = (await commands()).filter((one) => one.command.startsWith(begun));
    if ($("text").value === text) offer(fitting.map(commandOption), say("commands"));
  } else if (text.startsWith(mention) && text.trim().length > mention.length) {
    asking = setTimeout(() => search(text.slice(mention.length).trim(), ""), 300);
  } else closeOffer();
}

function commandOption(one) {
  return { title: `/${one.command}`, about: one.description, fill: `/${one.command} `, choose: () => { $("text").value = ""; closeOffer(); grow(); send(`/${one.command}`); } };
}

async function search(words, offset) {
  const inline = state.inline;
  inline.asked = words;
  const found = await act("inline", { words, offset });
  if (!found || inline.asked !== words || !$("text").value.startsWith("@")) return;
  const shown = found.results.map((one) => ({ title: one.title, about: one.description, choose: () => choose(found.question, one.id) }));
  if (found.next_offset) shown.push({ title: say("more"), about: "", choose: () => search(words, found.next_offset) });
  offer(shown, say("results"), say("no_results"));
  $("offer").firstChild.classList.add("results");
}

function choose(question, result) {
  $("text").value = "";
  closeOffer();
  grow();
  act("choose", { question, result });
}

function offer(options, label, otherwise = "") {
  state.options = options;
  state.option = -1;
  const box = $("offer");
  if (!options.length && !otherwise) return closeOffer();
  const list = node("ul", { role: "listbox", ariaLabel: label }, ...options.map((one, number) => option(one, number)));
  box.replaceChildren(options.length ? list : node("p", { className: "empty", textContent: otherwise }));
  box.hidden = false;
  $("menu").setAttribute("aria-expanded", "true");
  return undefined;
}

function option(one, number) {
  const shown = node("li", { role: "option", id: `option${number}`, ariaSelected: "false" }, node("strong", { textContent: one.title }), node("span", { textContent: one.about }));
  shown.onmousedown = (event) => event.preventDefault();
  shown.onclick = () => one.choose();
  return shown;
}

function closeOffer() {
  $("offer").hidden = true;
  $("offer").replaceChildren();
  state.options = [];
  state.option = -1;
  $("menu").setAttribute("aria-expanded", "false");
  $("text").removeAttribute("aria-activedescendant");
}

function move(step) {
  const count = state.options.length;
  state.option = (state.option + step + count) % count;
  $("offer").querySelectorAll("[role=option]").forEach((one, number) => {
    one.setAttribute("aria-selected", String(number === state.option));
    if (number === state.option) one.scrollIntoView({ block: "nearest" });
  });
  $("text").setAttribute("aria-activedescendant", `option${state.option}`);
}

function typed(event) {
  const offering = state.options && state.options.length > 0;
  if (offering && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  } else if (offering && event.key === "Tab" && !event.shiftKey && state.options[Math.max(state.option, 0)].fill) {
    event.preventDefault();
    $("text").value = state.options[Math.max(state.option, 0)].fill;
    closeOffer();
  } else if (event.key === "Escape") {
    closeOffer();
  } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    if (offering && state.option >= 0) state.options[state.option].choose();
    else submit();
  }
}

async function toggleMenu() {
  if (!$("offer").hidden) return closeOffer();
  offer((await commands()).map(commandOption), say("commands"));
  $("text").focus();
  return undefined;
}

// --- what happens ---------------------------------------------------------------------------------------------------

const HAPPENS = {
  state: begin,
  message: ({ chat, message }) => place(state.chats.get(chat), message),
  gone({ chat, message }) {
    state.chats.get(chat).messages.delete(message);
    if (chat === state.chat) $(`m${message}`)?.remove();
    drawChats();
  },
  standing({ chat, standing }) {
    state.chats.get(chat).standing = standing;
    drawHead();
  },
  async language({ person, language: spoken }) {
    state.people.find((one) => one.id === person).language = spoken;
    if (person === state.person) {
      await dress();
      openChat(state.chat);
    }
  },
  clock: ({ now }) => setTime(now),
  commands() { state.menus = {}; },
  awake() {
    state.awake = true;
    drawHead();
  },
  typing({ chat }) {
    if (chat !== state.chat) return;
    $("about").textContent = say("typing");
    setTimeout(drawHead, 3000);
  },
  end() {
    state.ended = true;
    source.close();
    drawHead();
  },
};

async function begin(event) {
  Object.assign(state, { bot: event.bot, emoji: event.emoji, people: event.people, awake: event.awake });
  state.chats = new Map(event.chats.map((chat) => [chat.id, { ...chat, messages: new Map(chat.messages.map((one) => [one.message_id, one])) }]));
  state.person ||= event.people[0].id;
  await dress();
  setTime(event.now);
  const asked = Number(location.hash.slice(1));
  openChat(isVisible(asked) ? asked : wide() ? state.person : 0);
  document.body.dataset.ready = "true";
}

const wide = () => matchMedia("(min-width: 760px)").matches;

let source;
let turn = Promise.resolve();
function listen() {
  source = new EventSource("/events");
  source.onmessage = (event) => {
    const happened = JSON.parse(event.data);
    turn = turn.then(() => HAPPENS[happened.kind]?.(happened)).catch((error) => console.error(error));
  };
  source.onerror = () => { if (!state.ended && state.words.offline) toast(say("offline")); };
}

function moveClock(to) {
  return act("clock", { to, zone: zone() });
}

function hint(shown) {
  $("hints").hidden = !shown;
  $("hinting").setAttribute("aria-expanded", String(shown));
  document.body.classList.toggle("hinting", shown);
  remembered("hints", shown ? "shown" : "hidden");
}

function turnTheme() {
  const dark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "light" : "dark";
  remembered("theme", document.documentElement.dataset.theme);
}

function wire() {
  if (remembered("theme")) document.documentElement.dataset.theme = remembered("theme");
  for (const button of document.querySelectorAll("[data-to]")) button.onclick = () => moveClock(button.dataset.to);
  $("moment").onsubmit = (event) => { event.preventDefault(); moveClock($("wish").value); };
  $("zone").onchange = () => { state.zone = $("zone").value; setTime(present()); drawLog(); drawChats(); };
  $("language").onchange = () => act("speak", { language: $("language").value });
  $("theme").onclick = turnTheme;
  $("hinting").onclick = () => hint($("hints").hidden);
  $("unhint").onclick = () => { hint(false); $("hinting").focus(); };
  $("idea").onclick = () => { openChat(state.person); $("text").value = say("idea"); grow(); $("text").focus(); };
  $("back").onclick = () => openChat(0);
  $("standing").onclick = () => act("admit", { present: false });
  $("gate-button").onclick = pass;
  $("below").onclick = toEnd;
  $("log").onscroll = () => { if ($("log").scrollHeight - $("log").scrollTop - $("log").clientHeight < 60) $("below").hidden = true; };
  $("composer").onsubmit = (event) => { event.preventDefault(); submit(); };
  $("text").oninput = () => { grow(); suggest(); };
  $("text").onkeydown = typed;
  $("menu").onclick = toggleMenu;
  $("file").onchange = () => { [state.file] = $("file").files; drawAside(); $("text").focus(); };
  $("aside-close").onclick = () => { state.reply = 0; state.file = null; $("file").value = ""; drawAside(); };
  window.onhashchange = () => { const id = Number(location.hash.slice(1)); if (id !== state.chat) openChat(isVisible(id) ? id : 0); };
  hint(remembered("hints") ? remembered("hints") === "shown" : matchMedia("(min-width: 1100px)").matches);
  setInterval(showTime, 1000);
  listen();
}

wire();
