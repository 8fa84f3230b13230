"""What is wrong with a query or a filter, in Arabic.

The engine says it in English. Its message is recognised by words that all messages of a kind share.
"""

from __future__ import annotations

REASONS = (
    ("this quotation mark has no partner", "علامة التنصيص هذه لا تقابلها أخرى: أغلقها أو احذفها."),
    (
        "no word between these quotation marks",
        "لا كلمة بين علامتي التنصيص: اكتب كلمة بينهما أو احذفهما.",
    ),
    ("this parenthesis closes nothing", "هذا القوس لا يغلق شيئًا: احذفه أو أضف قوسًا يفتح قبله."),
    ("this parenthesis is not closed", "هذا القوس مفتوح: أضف قوسًا يغلقه أو احذفه."),
    ("needs something before it", "ينقص ما يسبق هذا الرابط: اكتب كلمة قبله."),
    ("needs something after it", "ينقص ما يلي هذا الموضع: اكتب كلمة بعده."),
    (
        "needs a word or a quotation after it",
        "تحتاج علامة = إلى كلمة أو عبارة بين علامتي تنصيص بعدها.",
    ),
    ("there is no word to search for", "لا كلمة هنا يُبحث عنها."),
    (
        "there is no field",
        "لا حقل بهذا الاسم في الفهرس. للبحث عن الكلمات نفسها ضعها بين علامتي تنصيص.",
    ),
    ("holds whole values", "هذا الحقل يُبحث فيه عن قيمة كاملة، مثل: الحقل:القيمة."),
    (
        "words may stand between those of a phrase",
        "العدد بعد علامة ~ أكبر مما يجوز أن يقع بين كلمات العبارة.",
    ),
    ("a word may differ by", "العدد بعد علامة ~ أكبر مما يجوز أن تختلف به الكلمة من حروف."),
    (
        "words of the index match",
        "كلمات كثيرة في الفهرس توافق هذا النمط: اكتب من الكلمة حروفًا أكثر.",
    ),
    ("^ needs a number", "تحتاج علامة ^ إلى عدد بعدها، مثل: كلمة^2 أو كلمة^0.5."),
    ("^ needs a word, quotation or group", "تُكتب علامة ^ بعد كلمة أو عبارة أو قوس من غير مسافة."),
    ("one ^ with one number", "تكفي علامة ^ واحدة وعدد واحد."),
    ("after ^ may be", "العدد بعد علامة ^ من 0.001 إلى 1000، وكذلك حاصل ضرب الأعداد."),
    ("there is no score here", "لا وزن هنا تضاعفه علامة ^: اكتبها بعد كلمة."),
    ("~ goes before ^", "تُكتب علامة ~ قبل علامة ^: كلمة~^2."),
    ("~~ goes after a quotation", "تُكتب العلامة ~~ بعد عبارة بين علامتي تنصيص من كلمتين فأكثر."),
    ("~ goes right after", "تُكتب علامة ~ بعد كلمة أو عبارة من غير مسافة."),
    ("~ after a quotation needs", "بعد العبارة يأتي عدد صحيح: ~2 بهذا الترتيب، و~~2 بأي ترتيب."),
    ("~ needs a whole number", "بعد الكلمة علامة ~ وحدها أو عدد صحيح: ~1 أو ~2."),
    (
        "a pattern is one word",
        "النمط كلمة واحدة: اكتب كل جزء وحده وقبله +، مثل +QLED +55*، أو ضع النص بين علامتي تنصيص.",
    ),
    ("* is part of a word", "علامة * جزء من كلمة، أو وحدها لكل الوثائق: اترك مسافة."),
    (
        "near each other in any order",
        "للكلمات المتقاربة بأي ترتيب اكتبها بين علامتي تنصيص وبعدهما ~~ وعدد.",
    ),
    ("alternatives of a field in parentheses", "ضع البدائل بين قوسين: الحقل:(هذا | ذاك)."),
    ("this range is not closed", "هذا المدى مفتوح: أغلقه بـ ] أو }."),
    ("a range needs a field", "يلزم قبل المدى اسم حقل، مثل: date:[2020 TO 2021]."),
    ("a range needs two values", "يلزم المدى طرفان بينهما TO بحروف كبيرة، و* للطرف المفتوح."),
    ("nothing is in this range", "هذا المدى ينتهي قبل أن يبدأ: اكتب الطرف الأصغر أولاً."),
    ("is no comparison", "هذه ليست علامة مقارنة: اكتب = أو != أو < أو <= أو > أو >=."),
    ("needs a value after it", "تنقص قيمة بعد علامة المقارنة."),
    ("needs the name of a field before it", "يلزم قبل علامة المقارنة اسم حقل، مثل: date>=2021."),
    ("one colon is enough", "تكفي نقطتان بعد اسم الحقل مرة واحدة."),
    ("without a space before the colon", "اكتب النقطتين بعد اسم الحقل من غير مسافة."),
    ("have no order", "لا ترتيب لقيم هذا الحقل: اكتب الحقل:القيمة."),
    ("which is not a date", "هذه القيمة ليست تاريخًا: اكتبه مثل 2024-05-01 أو 2024-05 أو 2024."),
    ("which is not a number", "هذه القيمة ليست عددًا: اكتبه مثل 1234.5."),
    ("needs a condition before it", "ينقص شرط قبل هذا الرابط."),
    ("write field=value", "اكتب الشرط هكذا: الحقل=القيمة، أو بعلامة أخرى: != < <= > >=."),
    ("a value is missing here", "تنقص قيمة هنا، مثل: الحقل IN (هذا, ذاك)."),
    ("this list is not closed", "هذه القائمة مفتوحة: أغلقها بقوس."),
    ("values are separated by commas", "افصل بين القيم بفواصل."),
    (
        "after the closing quotation mark comes text",
        "بعد علامة التنصيص الأخيرة نص: ضع القيمة كلها بين العلامتين.",
    ),
    (
        "operators are written in capitals",
        "تُكتب AND وOR وNOT بحروف كبيرة، والقيمة التي تحويها بين علامتي تنصيص.",
    ),
    ("which have no order", "لا ترتيب لقيم هذا الحقل: اكتب الحقل=القيمة."),
    ("there is no keyword field", "لا حقل بهذا الاسم يصلح لهذا."),
    ("give one facet filter for each field", "لكل حقل مرشّح واحد."),
    ("go deeper than", "الأقواس متداخلة أكثر مما يجوز."),
)
"""Words of a message of the engine, and what the message says, in Arabic."""


def arabic_reason(message: str) -> str | None:
    """Return what a message about a query or filter says, in Arabic; None where it is unknown.

    >>> arabic_reason("this parenthesis closes nothing; remove it")
    'هذا القوس لا يغلق شيئًا: احذفه أو أضف قوسًا يفتح قبله.'
    """
    return next((reason for words, reason in REASONS if words in message), None)
