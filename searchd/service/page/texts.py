"""Every text of the interface, in Arabic and English.

A text may hold `{name}` for a value, which is escaped when it is inserted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

Language = Literal["ar", "en"]


class Text(NamedTuple):
    """One text in each language."""

    ar: str
    en: str


TEXTS: Mapping[str, Text] = {
    # the frame of every page
    "site": Text("بحث في النصوص العربية", "Search in Arabic texts"),
    "description": Text("بحث في النصوص العربية", "Search in Arabic texts"),
    "home": Text("الصفحة الأولى", "Start page"),
    "skip": Text("تجاوز إلى المحتوى", "Skip to the content"),
    "title_of_query": Text("{query} · بحث", "{query} · Search"),
    "title_of_start": Text("بحث · searchd", "Search · searchd"),
    "other_language": Text("English", "العربية"),
    "theme": Text("المظهر", "Theme"),
    "theme_auto": Text("كالنظام", "System"),
    "theme_light": Text("فاتح", "Light"),
    "theme_dark": Text("داكن", "Dark"),
    # the list of indexes
    "indexes": Text("الفهارس", "Indexes"),
    "no_indexes": Text("لا فهرس هنا يمكنك البحث فيه", "There is no index here that you may search"),
    "also_called": Text("ويسمى أيضًا {names}", "also called {names}"),
    # the search box
    "box_label": Text("ما الذي تبحث عنه؟", "What are you looking for?"),
    "box_placeholder": Text('ابحث عن كلمة أو "عبارة"', 'A word or a "phrase"'),
    "search": Text("بحث", "Search"),
    "suggestions": Text("اقتراحات", "Suggestions"),
    "suggestions_one": Text("اقتراح واحد", "One suggestion"),
    "suggestions_many": Text(
        "عدد الاقتراحات {count}، تصفّحها بالسهمين أعلى وأسفل",
        "{count} suggestions, use the up and down arrows",
    ),
    "suggestions_none": Text("لا اقتراحات", "No suggestions"),
    # results
    "took": Text("في {seconds} ثانية", "in {seconds} seconds"),
    "took_little": Text("في أقل من جزء من ألف من الثانية", "in less than a millisecond"),
    "no_results_for": Text("لا نتائج عن «{query}»", "No results for “{query}”"),
    "no_results": Text("لا نتائج", "No results"),
    "sort_by": Text("الترتيب", "Order"),
    "sort_relevance": Text("الأنسب", "Best match"),
    "sort_newest": Text("الأحدث", "Newest"),
    "sort_oldest": Text("الأقدم", "Oldest"),
    "sort_title": Text("العنوان", "Title"),
    "group_by": Text("التجميع", "Group"),
    "group_none": Text("بلا تجميع", "Ungrouped"),
    "all_of_group": Text("اعرضها كلها: {results}", "Show all: {results}"),
    "passages": Text("مقاطع الكتاب", "Passages of the book"),
    "previous_passage": Text("المقطع السابق", "Previous passage"),
    "next_passage": Text("المقطع التالي", "Next passage"),
    "place_page": Text("صفحة {label}:", "Page {label}:"),
    "place_chapter": Text("فصل {label}:", "Chapter {label}:"),
    "place_sheet": Text("ورقة {label}:", "Sheet {label}:"),
    "place_slide": Text("شريحة {label}:", "Slide {label}:"),
    "place_cue": Text("عند {label}:", "At {label}:"),
    "place_message": Text("رسالة {label}:", "Message {label}:"),
    "place_attachment": Text("مرفق {label}:", "Attachment {label}:"),
    "pages": Text("صفحات النتائج", "Pages of results"),
    "page_of": Text("صفحة {page} من {pages}", "Page {page} of {pages}"),
    "previous": Text("السابق", "Previous"),
    "next": Text("التالي", "Next"),
    "past_the_end": Text("لا نتائج في هذه الصفحة.", "There are no results on this page."),
    "first_page": Text("إلى الصفحة الأولى", "Go to the first page"),
    # what was searched
    "did_you_mean": Text("هل تقصد", "Did you mean"),
    "not_in_any": Text("«{word}» لم ترد في أي وثيقة", "No document has “{word}”"),
    "searched_synonyms": Text("بُحث عمّا يقابلها", "searched instead for"),
    "searched_similar": Text("بُحث عمّا يشبهها", "searched instead for similar words"),
    "words_searched": Text("ما بُحث عنه", "What was searched"),
    "conditions_searched": Text("شروط البحث", "Conditions"),
    "values_are": Text("من القيم", "some values"),
    "values_between": Text("القيم بين", "values between"),
    "common_words": Text(
        "كلمات شائعة ترتّب النتائج فقط", "Common words, which only order the results"
    ),
    "try_less": Text("جرّب كلمات أقل، أو كلمة أعمّ.", "Try fewer words, or a more general one."),
    "try_unquoted": Text(
        "جرّب كلمات أقل، أو كلمة أعمّ، أو ابحث بغير علامات التنصيص.",
        "Try fewer words, a more general one, or no quotation marks.",
    ),
    "try_unfiltered": Text("ابحث بلا مرشّحات", "Search without filters"),
    # filters and facets
    "filters": Text("المرشّحات", "Filters"),
    "narrow": Text("تصفية النتائج", "Narrow the results"),
    "remove_filter": Text("أزل المرشّح: {filter}", "Remove the filter: {filter}"),
    "remove_all": Text("أزل الكل", "Remove all"),
    "facet_more": Text("و{count} أخرى", "and {count} more"),
    "facet_fewer": Text("أقل", "fewer"),
    "facet_selected": Text("محدد", "selected"),
    "years": Text("السنة", "Year"),
    # documents
    "document": Text("الوثيقة", "Document"),
    "read_here": Text("اقرأ من هنا", "read here"),
    "back_to_results": Text("العودة إلى النتائج", "Back to the results"),
    "open_source": Text("افتح الأصل في {host}", "Open the original at {host}"),
    "id": Text("المعرّف", "Id"),
    "empty_text": Text("لا نص في هذه الوثيقة.", "This document has no text."),
    "matches": Text("المطابقات", "Matches"),
    "match_of": Text("{match} من {matches}", "{match} of {matches}"),
    "previous_match": Text("المطابقة السابقة", "Previous match"),
    "next_match": Text("المطابقة التالية", "Next match"),
    "no_matches": Text("لا مطابقات في النص", "No matches in the text"),
    "no_matches_here": Text("لا مطابقات في هذا الجزء", "No matches in this part"),
    "parts": Text("أجزاء الوثيقة", "Parts of the document"),
    "part_of": Text("الجزء {part} من {parts}", "Part {part} of {parts}"),
    "previous_part": Text("الجزء السابق", "Previous part"),
    "next_part": Text("الجزء التالي", "Next part"),
    "similar_documents": Text("وثائق مشابهة", "Similar documents"),
    "alike_by": Text("تشترك في", "Shared words"),
    "find_in_document": Text("ابحث في هذه الوثيقة", "Find in this document"),
    "find": Text("اعثر", "Find"),
    # levels of matches
    "level_lemma": Text("صيغة أخرى من الكلمة", "another form of the word"),
    "level_synonym": Text("مرادف أو تهجئة أخرى", "a synonym or another spelling"),
    "level_similar": Text("كلمة شبيهة في الكتابة", "a word spelled alike"),
    # the empty start
    "examples": Text("أمثلة للبحث", "Examples"),
    "newest": Text("أحدث الوثائق", "Newest documents"),
    "some_documents": Text("من الوثائق", "Some documents"),
    "browse": Text("تصفّح حسب {field}", "Browse by {field}"),
    "in_the_index": Text("في الفهرس {documents}", "The index has {documents}"),
    "nothing_indexed": Text(
        "الفهرس فارغ. أضف وثائق بالأمر searchd index.",
        "The index is empty. Add documents with searchd index.",
    ),
    # help
    "help": Text("كيف أكتب الاستعلام؟", "How do I write a query?"),
    "help_words": Text(
        "كلمات: الأقرب إليها أولاً، مع سوابقها ولواحقها (كتاب، للكتاب، وكتابهم)",
        "Words: the closest first, with prefixes and suffixes (كتاب, للكتاب, وكتابهم)",
    ),
    "help_phrase": Text(
        "عبارة: الكلمات متتابعة بهذا الترتيب", "A phrase: the words in a row, in this order"
    ),
    "help_near": Text(
        "متقاربة بأي ترتيب، بينها خمس كلمات على الأكثر",
        "Near each other in any order, with up to five words between",
    ),
    "help_exact": Text("مطابقة تامة: كما كُتبت، بلا صيغ أخرى", "Exactly as written, no other forms"),
    "help_must": Text(
        "+ يجب أن ترد الكلمة، و- يُمنع أن ترد", "+ the word must occur, - it must not"
    ),
    "help_and": Text("AND تعني «و»: كلتاهما", "AND: both"),
    "help_or": Text(
        "OR أو | تعني «أو»: إحداهما على الأقل، والأقواس تجمع",
        "OR or |: at least one of them; parentheses group",
    ),
    "help_not": Text("NOT تعني «ليس»: من غير هذه الكلمة", "NOT: without this word"),
    "help_boost": Text("الكلمة الأولى أثقل وزنًا مرتين", "The first word counts twice"),
    "help_title": Text(
        "في العنوان وحده، و«نص:» في النص وحده", "In the title alone; نص: in the text alone"
    ),
    "help_date": Text(
        "في سنة، و«تاريخ>=2021» منذ تاريخ، و«تاريخ:[2020 TO 2021]» بين تاريخين",
        "In a year; تاريخ>=2021 since, تاريخ:[2020 TO 2021] between",
    ),
    "help_fields": Text(
        "حقول هذا الفهرس، تُكتب قبل النقطتين: {fields}",
        "Fields of this index, to write before a colon: {fields}",
    ),
    "help_prefix": Text("كل كلمة تبدأ بهذه الحروف", "Every word that begins with these letters"),
    "help_fuzzy": Text("كلمات قريبة في الكتابة", "Words spelled alike"),
    "help_key": Text("مفتاح / يضع المؤشر في خانة البحث", "The key / goes to the search box"),
    # errors
    "error": Text("تعذّر إتمام الطلب", "The request failed"),
    "error_query_syntax": Text("في الاستعلام خطأ", "The query has an error"),
    "error_query_too_costly": Text(
        "الاستعلام أوسع من أن يُبحث: قلّل الأنماط أو زد حروفها",
        "The query is too broad: use fewer patterns, or more letters in them",
    ),
    "error_filter_syntax": Text("في المرشّح أو الترتيب خطأ", "The filter or order has an error"),
    "error_invalid_parameter": Text(
        "في عنوان الصفحة قيمة لا تُقبل", "The address has a value that is not allowed"
    ),
    "error_key_missing": Text(
        "يلزم مفتاح للبحث هنا: أدخله في مكان كلمة المرور",
        "A key is needed to search here: enter it as the password",
    ),
    "error_key_invalid": Text(
        "المفتاح غير معروف أو انتهت مدته", "The key is unknown or has expired"
    ),
    "error_forbidden": Text("لا يُسمح لك بالبحث هنا", "You may not search here"),
    "error_rate_limited": Text(
        "طلباتك كثيرة: أعد المحاولة بعد قليل", "You send too many requests: try again in a moment"
    ),
    "error_not_found": Text("لا شيء في هذا العنوان", "There is nothing at this address"),
    "error_document_not_found": Text("لا وثيقة بهذا المعرّف", "There is no document with this id"),
    "hint_document_not_found": Text(
        "ربما حُذفت أو تغيّر معرّفها منذ أن حُفظ هذا العنوان. ابحث عن كلمات منها.",
        "It may have been deleted, or its id changed since this address was kept. "
        "Search for words of it.",
    ),
    "hint_not_found": Text(
        "تحقّق من العنوان، أو ابدأ من خانة البحث.",
        "Check the address, or start from the search box.",
    ),
    "error_internal": Text("تعطّلت الخدمة، والسبب في سجلها", "The service failed; its log says why"),
    "error_index_missing": Text("لا فهرس يُبحث فيه الآن", "There is no index to search"),
    "error_index_mismatch": Text(
        "الفهرس من إصدار آخر ويلزم بناؤه من جديد",
        "The index is of another version and must be built again",
    ),
    "error_index_access": Text("لا يمكن قراءة الفهرس", "The index cannot be read"),
    "error_index_damaged": Text(
        "الفهرس تالف ويلزم بناؤه من جديد", "The index is damaged and must be built again"
    ),
    "error_analysis_unavailable": Text(
        "ملفات التحليل اللغوي تالفة ويلزم تثبيت البرنامج من جديد",
        "The files of the analysis are damaged; install the program again",
    ),
    "error_closed": Text("أُوقفت الخدمة", "The service was stopped"),
    "error_overloaded": Text(
        "الخدمة مشغولة الآن: أعد المحاولة بعد قليل", "The service is busy: try again in a moment"
    ),
    "error_search_timeout": Text(
        "استغرق البحث وقتًا طويلًا: اكتب استعلامًا أبسط",
        "The search took too long: write a simpler query",
    ),
    "try_again": Text("أعد المحاولة", "Try again"),
    "error_query_too_long": Text(
        "الاستعلام أطول من {most} حرف: اكتب بعض كلماته",
        "The query has more than {most} characters: write some of its words",
    ),
}

FIELD_LABELS: Mapping[str, Text] = {
    "title": Text("العنوان", "Title"),
    "text": Text("النص", "Text"),
    "date": Text("التاريخ", "Date"),
    "id": Text("المعرّف", "Id"),
    "category": Text("التصنيف", "Category"),
    "section": Text("القسم", "Section"),
    "source": Text("المصدر", "Source"),
    "author": Text("المؤلف", "Author"),
    "book": Text("الكتاب", "Book"),
    "publisher": Text("الناشر", "Publisher"),
    "language": Text("اللغة", "Language"),
    "tags": Text("الوسوم", "Tags"),
    "tag": Text("الوسم", "Tag"),
    "type": Text("النوع", "Type"),
    "country": Text("البلد", "Country"),
    "city": Text("المدينة", "City"),
    "year": Text("السنة", "Year"),
    "pages": Text("الصفحات", "Pages"),
    "price": Text("السعر", "Price"),
}
"""Names of fields that are common enough to be translated; others are shown as they are."""


class CountForms(NamedTuple):
    """A counted noun in the forms of its language; `{n}` is the number."""

    zero: str
    one: str
    two: str
    few: str
    many: str
    other: str


def _english(zero: str, one: str, other: str) -> CountForms:
    return CountForms(zero, one, other, other, other, other)


COUNTED: Mapping[str, Mapping[Language, CountForms]] = {
    "result": {
        "ar": CountForms(
            "لا نتائج", "نتيجة واحدة", "نتيجتان", "{n} نتائج", "{n} نتيجة", "{n} نتيجة"
        ),
        "en": _english("no results", "one result", "{n} results"),
    },
    "document": {
        "ar": CountForms(
            "لا شيء بعد", "وثيقة واحدة", "وثيقتان", "{n} وثائق", "{n} وثيقة", "{n} وثيقة"
        ),
        "en": _english("nothing yet", "one document", "{n} documents"),
    },
    "in_documents": {
        "ar": CountForms(
            "لم ترد في أي وثيقة",
            "في وثيقة واحدة",
            "في وثيقتين",
            "في {n} وثائق",
            "في {n} وثيقة",
            "في {n} وثيقة",
        ),
        "en": _english("in no document", "in one document", "in {n} documents"),
    },
    "match": {
        "ar": CountForms(
            "لا مطابقات",
            "مطابقة واحدة",
            "مطابقتان",
            "{n} مطابقات",
            "{n} مطابقة",
            "{n} مطابقة",
        ),
        "en": _english("no matches", "one match", "{n} matches"),
    },
}
