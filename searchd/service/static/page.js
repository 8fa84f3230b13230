// The search page: reads the query from the address, asks /search, and shows the answer.
// Text reaches the page as DOM text only, never as HTML. Nothing is loaded from another host.

const PAGE_SIZE = 10;
const LAST_PAGE = 1000; // LAST_PAGE * PAGE_SIZE is MOST_HITS of searchd/engine.py
const SNIPPETS = 2;
const MAX_SIMILAR = 5; // similar words that are listed for a word that no document contains
const BUSY_DELAY = 120; // milliseconds before "searching" is shown; most responses arrive sooner

const form = document.getElementById("form");
const box = document.getElementById("box");
const status = document.getElementById("status");
const answer = document.getElementById("answer");

// Arabic numerals for all readers; month names by the reader's locale (يناير or كانون الثاني).
const locale = navigator.languages.find((tag) => /^ar\b/i.test(tag)) ?? "ar";
const number = new Intl.NumberFormat("ar-u-nu-arab", { maximumFractionDigits: 3 });
const score = new Intl.NumberFormat("ar-u-nu-arab", { maximumFractionDigits: 1 });
const plural = new Intl.PluralRules("ar");
const day = new Intl.DateTimeFormat(locale, {
  dateStyle: "long",
  timeZone: "UTC",
  numberingSystem: "arab",
  calendar: "gregory",
});
const list = new Intl.ListFormat("ar", { type: "unit", style: "long" });

const COUNTED = {
  result: { zero: "لا نتائج", one: "نتيجة واحدة", two: "نتيجتان", few: "نتائج", other: "نتيجة" },
  document: { zero: "لا شيء بعد", one: "وثيقة واحدة", two: "وثيقتان", few: "وثائق", other: "وثيقة" },
  inDocuments: {
    zero: "لم ترد في أي وثيقة",
    one: "في وثيقة واحدة",
    two: "في وثيقتين",
    few: "وثائق",
    other: "وثيقة",
    before: "في ",
  },
};

const TROUBLE = {
  query_syntax: "في الاستعلام خطأ",
  query_too_costly: "الاستعلام أوسع من أن يُبحث: قلّل الأنماط أو زد حروفها",
  filter_syntax: "في المرشّح خطأ",
  invalid_parameter: "لا تقبل الخدمة هذا الطلب",
  index_missing: "لا فهرس يُبحث فيه الآن",
  index_mismatch: "الفهرس من إصدار آخر ويلزم بناؤه من جديد",
  index_damaged: "الفهرس تالف ويلزم بناؤه من جديد",
  analysis_unavailable: "ملفات التحليل اللغوي تالفة ويلزم تثبيت البرنامج من جديد",
  overloaded: "الخدمة مشغولة الآن: أعد المحاولة بعد قليل",
  search_timeout: "استغرق البحث وقتًا طويلًا: اكتب استعلامًا أبسط",
  unreachable: "تعذّر الوصول إلى الخدمة",
};

/** What can be wrong with a query: words of the message of the service, and the same in Arabic. */
const REASONS = [
  ["this quotation mark has no partner", "علامة التنصيص هذه لا تقابلها أخرى: أغلقها أو احذفها."],
  ["no word between these quotation marks", "لا كلمة بين علامتي التنصيص: اكتب كلمة بينهما أو احذفهما."],
  ["this parenthesis closes nothing", "هذا القوس لا يغلق شيئًا: احذفه أو أضف قوسًا يفتح قبله."],
  ["this parenthesis is not closed", "هذا القوس مفتوح: أضف قوسًا يغلقه أو احذفه."],
  ["needs something before it", "ينقص ما يسبق هذا الرابط: اكتب كلمة قبله."],
  ["needs something after it", "ينقص ما يلي هذا الموضع: اكتب كلمة بعده."],
  ["needs a word or a quotation after it", "تحتاج علامة = إلى كلمة أو عبارة بين علامتي تنصيص بعدها."],
  ["there is no word to search for", "لا كلمة هنا يُبحث عنها."],
  ["there is no field", "لا حقل بهذا الاسم في الفهرس. للبحث عن الكلمات نفسها ضعها بين علامتي تنصيص."],
  ["holds whole values", "هذا الحقل يُبحث فيه عن قيمة كاملة، مثل: الحقل:القيمة."],
  ["words may stand between those of a phrase", "العدد بعد علامة ~ أكبر مما يجوز أن يقع بين كلمات العبارة."],
  ["a word may differ by", "العدد بعد علامة ~ أكبر مما يجوز أن تختلف به الكلمة من حروف."],
  ["words of the index match", "كلمات كثيرة في الفهرس توافق هذا النمط: اكتب من الكلمة حروفًا أكثر."],
  ["^ needs a number", "تحتاج علامة ^ إلى عدد بعدها، مثل: كلمة^2 أو كلمة^0.5."],
  ["^ needs a word, quotation or group", "تُكتب علامة ^ بعد كلمة أو عبارة أو قوس من غير مسافة."],
  ["one ^ with one number", "تكفي علامة ^ واحدة وعدد واحد."],
  ["after ^ may be", "العدد بعد علامة ^ من 0.001 إلى 1000، وكذلك حاصل ضرب الأعداد."],
  ["there is no score here", "لا وزن هنا تضاعفه علامة ^: اكتبها بعد كلمة."],
  ["~ goes before ^", "تُكتب علامة ~ قبل علامة ^: كلمة~^2."],
  ["~~ goes after a quotation", "تُكتب العلامة ~~ بعد عبارة بين علامتي تنصيص من كلمتين فأكثر."],
  ["~ goes right after", "تُكتب علامة ~ بعد كلمة أو عبارة من غير مسافة."],
  ["~ after a quotation needs", "بعد العبارة يأتي عدد صحيح: ~2 بهذا الترتيب، و~~2 بأي ترتيب."],
  ["~ needs a whole number", "بعد الكلمة علامة ~ وحدها أو عدد صحيح: ~1 أو ~2."],
  ["* is part of a word", "علامة * جزء من كلمة، أو وحدها لكل الوثائق: اترك مسافة."],
  ["near each other in any order", "للكلمات المتقاربة بأي ترتيب اكتبها بين علامتي تنصيص وبعدهما ~~ وعدد."],
  ["alternatives of a field in parentheses", "ضع البدائل بين قوسين: الحقل:(هذا | ذاك)."],
  ["this range is not closed", "هذا المدى مفتوح: أغلقه بـ ] أو }."],
  ["a range needs a field", "يلزم قبل المدى اسم حقل، مثل: date:[2020 TO 2021]."],
  ["a range needs two values", "يلزم المدى طرفان بينهما TO بحروف كبيرة، و* للطرف المفتوح."],
  ["nothing is in this range", "هذا المدى ينتهي قبل أن يبدأ: اكتب الطرف الأصغر أولاً."],
  ["is no comparison", "هذه ليست علامة مقارنة: اكتب = أو != أو < أو <= أو > أو >=."],
  ["needs a value after it", "تنقص قيمة بعد علامة المقارنة."],
  ["needs the name of a field before it", "يلزم قبل علامة المقارنة اسم حقل، مثل: date>=2021."],
  ["one colon is enough", "تكفي نقطتان بعد اسم الحقل مرة واحدة."],
  ["without a space before the colon", "اكتب النقطتين بعد اسم الحقل من غير مسافة."],
  ["have no order", "لا ترتيب لقيم هذا الحقل: اكتب الحقل:القيمة."],
  ["which is not a date", "هذه القيمة ليست تاريخًا: اكتبه مثل 2024-05-01 أو 2024-05 أو 2024."],
  ["which is not a number", "هذه القيمة ليست عددًا: اكتبه مثل 1234.5."],
  ["go deeper than", "الأقواس متداخلة أكثر مما يجوز."],
];

/** What a marked word is that is neither the word of the query nor differs by clitics alone. */
const LEVELS = {
  lemma: "صيغة أخرى من الكلمة",
  synonym: "مرادف أو تهجئة أخرى",
  similar: "كلمة شبيهة في الكتابة",
};

/** Say a count with its noun in the form that Arabic asks for: نتيجتان، ٣ نتائج، ١١ نتيجة. */
function count(n, noun) {
  const forms = COUNTED[noun];
  // The noun alone says one and two. By the plural rules 101 and 102 are not "one" and "two".
  const form = plural.select(n);
  if (form === "zero" || form === "one" || form === "two") return forms[form];
  return `${forms.before ?? ""}${number.format(n)} ${forms[form] ?? forms.other}`;
}

function seconds(took) {
  if (took < 0.001) return "في أقل من جزء من ألف من الثانية";
  return `في ${number.format(took)} ثانية`;
}

/** Make an element; strings among its children become text. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/**
 * Return text as nodes, with its ranges in <mark>. The service counts code points and JavaScript
 * UTF-16 units, so the text is spread into code points first. What is not the word that was asked
 * for says what it is.
 */
function marked(text, ranges) {
  const points = Array.from(text);
  const nodes = [];
  let last = 0;
  for (const { start, end, level } of ranges) {
    nodes.push(points.slice(last, start).join(""));
    const attributes = { "data-level": level, title: LEVELS[level] };
    nodes.push(element("mark", attributes, points.slice(start, end).join("")));
    last = end;
  }
  nodes.push(points.slice(last).join(""));
  return nodes;
}

/** Return a link's address if it is one that may be followed: never javascript: or data:. */
function webAddress(url) {
  const address = URL.canParse(url) ? new URL(url) : null;
  return address && ["http:", "https:"].includes(address.protocol) ? address : null;
}

function addressOf(query, page = 1) {
  const parameters = new URLSearchParams({ q: query });
  if (page > 1) parameters.set("page", page);
  return `?${parameters}`;
}

function wanted() {
  const parameters = new URLSearchParams(location.search);
  const page = Math.trunc(Number(parameters.get("page")));
  return {
    query: (parameters.get("q") ?? "").trim(),
    page: Math.min(Math.max(page || 1, 1), LAST_PAGE),
  };
}

function hitItem(hit) {
  const address = webAddress(hit.url);
  const title = hit.title ? marked(hit.title, hit.title_highlights) : [hit.id];
  const heading = element("h3", { dir: "auto" });
  heading.append(
    ...(address ? [element("a", { href: address.href, rel: "noreferrer" }, ...title)] : title),
  );
  const facts = element("div", { class: "facts" });
  if (hit.date) {
    const date = new Date(`${hit.date.slice(0, 10)}T00:00:00Z`);
    facts.append(element("time", { datetime: hit.date.slice(0, 10) }, day.format(date)));
  }
  const place = address ? address.hostname : hit.id;
  facts.append(element("bdi", { class: "place", dir: "auto" }, place));
  if (hit.score !== null) facts.append(element("span", {}, `الدرجة ${score.format(hit.score)}`));
  const snippets = hit.snippets.map((snippet) =>
    element(
      "p",
      { class: "snippet", dir: "auto" },
      snippet.before ? "…\u00a0" : "",
      ...marked(snippet.text, snippet.highlights),
      snippet.after ? "\u00a0…" : "",
    ),
  );
  return element("li", {}, heading, facts, ...snippets);
}

function pagination(query, page, total) {
  const pages = Math.min(Math.ceil(total / PAGE_SIZE), LAST_PAGE);
  if (pages < 2 && page === 1) return "";
  const nav = element("nav", { "aria-label": "صفحات النتائج" });
  if (page > 1) {
    const previous = Math.min(page - 1, Math.max(pages, 1));
    nav.append(element("a", { rel: "prev", href: addressOf(query, previous) }, "السابق"));
  }
  nav.append(element("span", {}, `صفحة ${number.format(page)} من ${number.format(pages)}`));
  if (page < pages) {
    nav.append(element("a", { rel: "next", href: addressOf(query, page + 1) }, "التالي"));
  }
  return nav;
}

/** Return a line that lists words, or nothing where there are none. */
function wordLine(label, words) {
  return words.length ? [element("p", { class: "note" }, `${label}: ${list.format(words)}`)] : [];
}

/** Return a line for each word that no document holds: what was searched in its place. */
function missingNotes(terms) {
  return terms
    .filter((term) => term.documents === 0)
    .map((term) => {
      const note = element("p", { class: "note" }, "«", element("bdi", {}, term.text), "» لم ترد في أي وثيقة");
      const instead = term.synonyms.length
        ? ["بُحث عمّا يقابلها", term.synonyms]
        : ["بُحث عمّا يشبهها", term.similar.slice(0, MAX_SIMILAR)];
      if (instead[1].length) {
        // Not joined by «و», which would look like the first letter of the next word.
        const words = instead[1].flatMap((word) => ["، ", element("bdi", {}, word)]).slice(1);
        note.append(`، و${instead[0]}: `, ...words);
      }
      return note;
    });
}

/** Put a suggestion in the place of the one word that was not found, or search it alone. */
function suggestedQuery(results, suggestion) {
  const missing = results.terms.filter((term) => term.documents === 0);
  if (missing.length !== 1) return suggestion;
  const typed = results.query.split(missing[0].text);
  return typed.length === 2 ? typed.join(suggestion) : suggestion;
}

/** Say how many documents meet a condition; where none does, which values its field has. */
function conditionItem(condition) {
  const item = element("li", {}, element("bdi", {}, condition.text), " — ");
  item.append(count(condition.documents, "inDocuments").replace("لم ترد في أي وثيقة", "لا وثيقة توافقه"));
  if (condition.values.length) {
    const values = condition.values.flatMap((value) => ["، ", element("bdi", {}, value)]).slice(1);
    item.append(condition.is_range ? "؛ القيم بين: " : "؛ من القيم: ", ...values);
  }
  return item;
}

function emptyNotice(results) {
  const notice = element("section", { class: "notice" });
  if (results.terms.length) {
    notice.append(element("h3", {}, "ما بُحث عنه"));
    const words = results.terms.map((term) =>
      element("li", {}, element("bdi", {}, term.text), ` — ${count(term.documents, "inDocuments")}`),
    );
    notice.append(element("ul", { class: "words" }, ...words));
  }
  if (results.conditions.length) {
    const conditions = results.conditions.map(conditionItem);
    notice.append(element("h3", {}, "شروط البحث"), element("ul", { class: "words" }, ...conditions));
  }
  notice.append(...wordLine("كلمات شائعة ترتّب النتائج فقط", results.common));
  if (results.suggestions.length) {
    const links = results.suggestions.map((word) => {
      const query = suggestedQuery(results, word);
      return element("li", {}, element("a", { href: addressOf(query), dir: "auto" }, query));
    });
    notice.append(element("h3", {}, "هل تقصد؟"), element("ul", { class: "words" }, ...links));
  }
  const unquote = /["«“=]/.test(results.query) ? "، أو ابحث بغير علامات التنصيص" : "";
  notice.append(element("p", {}, `جرّب كلمات أقل، أو كلمة أعمّ${unquote}.`));
  return notice;
}

function showResults(results, page) {
  const time = seconds(results.took);
  if (results.total === 0) {
    status.replaceChildren("لا نتائج عن «", element("bdi", {}, results.query), `» (${time})`);
    answer.replaceChildren(emptyNotice(results));
    return;
  }
  status.textContent = `وُجدت ${count(results.total, "result")} ${time}`;
  const hits = element("ol", { class: "hits", role: "list", start: results.offset + 1 });
  hits.append(...results.hits.map(hitItem));
  const notes = missingNotes(results.terms);
  const past = results.hits.length ? [] : [element("p", {}, "لا نتائج في هذه الصفحة.")];
  answer.replaceChildren(...notes, hits, ...past, pagination(results.query, page, results.total));
}

function showTrouble(query, error) {
  const notice = element("section", { class: "notice error", role: "alert" });
  notice.append(element("h3", {}, TROUBLE[error.code] ?? "تعذّر البحث"));
  if (Number.isInteger(error.position)) {
    const points = Array.from(query);
    const at = Math.min(error.position, points.length);
    // An error at the end of the query has no character to mark, so a space is marked.
    const shown = at === points.length ? `${query}\u00a0` : query;
    notice.append(element("p", { class: "query", dir: "auto" }, ...marked(shown, [{ start: at, end: at + 1 }])));
  }
  const reason = REASONS.find(([words]) => error.message?.includes(words));
  if (reason) notice.append(element("p", {}, reason[1]));
  else if (error.message) notice.append(element("p", { lang: "en", dir: "auto" }, error.message));
  status.hidden = true;
  answer.replaceChildren(notice);
}

let running = new AbortController();

/** Show what the address asks for. Resolves when the answer stands, or a later one replaced it. */
async function show() {
  running.abort();
  const mine = (running = new AbortController());
  const { query, page } = wanted();
  box.value = query;
  turnBox();
  status.hidden = false;
  document.title = query ? `${query} · بحث` : "بحث · searchd";
  if (!query) {
    delete document.body.dataset.busy;
    answer.replaceChildren();
    await welcome(mine.signal);
    return;
  }
  const wait = setTimeout(() => {
    document.body.dataset.busy = "";
    status.textContent = "يبحث…";
  }, BUSY_DELAY);
  const parameters = new URLSearchParams({
    q: query,
    limit: PAGE_SIZE,
    offset: (page - 1) * PAGE_SIZE,
    snippets: SNIPPETS,
  });
  try {
    const response = await fetch(`search?${parameters}`, { signal: mine.signal });
    const body = await response.json();
    if (response.ok) showResults(body, page);
    else showTrouble(query, body.error);
  } catch (failure) {
    if (mine.signal.aborted) return;
    console.error(failure);
    showTrouble(query, { code: "unreachable" });
  } finally {
    clearTimeout(wait);
    if (!mine.signal.aborted) delete document.body.dataset.busy;
  }
}

/** Say how much there is to search. Nothing is lost if the service does not answer. */
async function welcome(signal) {
  status.textContent = "";
  try {
    const response = await fetch("ready", { signal });
    const body = await response.json();
    if (response.ok) status.textContent = `في الفهرس ${count(body.documents, "document")}`;
    else showTrouble("", body.error);
  } catch (failure) {
    if (!signal.aborted) console.error(failure);
  }
}

/** An empty box is right to left like its placeholder; text in it decides for itself. */
function turnBox() {
  box.dir = box.value ? "auto" : "rtl";
}

async function go(address) {
  history.replaceState({ scroll: scrollY }, "");
  if (address !== location.search) history.pushState(null, "", address);
  await show();
  scrollTo(0, 0);
}

history.scrollRestoration = "manual";
box.addEventListener("input", turnBox);
addEventListener("pagehide", () => history.replaceState({ scroll: scrollY }, ""));
addEventListener("popstate", async (event) => {
  await show();
  scrollTo(0, event.state?.scroll ?? 0);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const query = box.value.trim();
  if (!query) return;
  // On a phone the keyboard would cover the results.
  if (matchMedia("(pointer: coarse)").matches) box.blur();
  go(addressOf(query));
});
answer.addEventListener("click", async (event) => {
  const link = event.target.closest("a[href^='?']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  await go(link.getAttribute("href"));
  status.focus({ preventScroll: true }); // the focused link was removed; Tab must continue at the results
});

await show();
scrollTo(0, history.state?.scroll ?? 0);
