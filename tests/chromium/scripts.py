"""Paragraphs of other scripts, of several together, and emoji."""

from __future__ import annotations

from tests.chromium.samples import Sample

__all__ = ["INDIC", "OTHERS", "RIGHT_TO_LEFT", "SOUTH_EAST"]

_ARABIC = (
    "تقع مدينة القاهرة على نهر النيل، ويسكنها نحو 10,230,350 نسمة (عام 2025)، "
    "وفيها مطار Cairo International وثلاث جامعات."
)
_HEBREW = "העיר חיפה (Haifa) נמצאת על הר הכרמל, 90 ק״מ מתל אביב; הרכבת יוצאת ב־7:45 ומגיעה ב־8:50."
_EMOJI = (
    "Sun ☀️ and rain ☔, family 👨‍👩‍👧‍👦, flags 🇫🇷🇯🇵, thumbs 👍🏽, keycap 1️⃣, heart ❤︎ ❤️ and a cat 🐈‍⬛ end it"
)
_TURNS = (
    "He said \u2067שלום (hello, \u2066Haifa [1]"
    "\u2069!) 12\u2069 and \u202bתודה 34:56\u202c, \u202eabc\u202c too."
)

_OF_INDIA = {
    "Gujarati": "અમદાવાદ, સુરત, વડોદરા અને રાજકોટ ગુજરાતનાં શહેરો છે; ક્ષેત્ર, જ્ઞાન, શ્રી અને ૧૨૩૪૫.",
    "Gurmukhi": "ਅੰਮ੍ਰਿਤਸਰ, ਲੁਧਿਆਣਾ, ਜਲੰਧਰ ਅਤੇ ਪਟਿਆਲਾ ਪੰਜਾਬ ਦੇ ਸ਼ਹਿਰ ਹਨ; ੧੨੩੪੫ ਵੀ।",
    "Kannada": "ಬೆಂಗಳೂರು, ಮೈಸೂರು, ಮಂಗಳೂರು ಮತ್ತು ಹುಬ್ಬಳ್ಳಿ ಕರ್ನಾಟಕದ ನಗರಗಳು; ಕ್ಷೇತ್ರ, ಜ್ಞಾನ, ೧೨೩೪೫.",
    "Malayalam": "തിരുവനന്തപുരം, കൊച്ചി, കോഴിക്കോട്, തൃശ്ശൂർ എന്നിവ കേരളത്തിലെ നഗരങ്ങളാണ്; ക്ഷേത്രം, ജ്ഞാനം.",
    "Oriya": "ଭୁବନେଶ୍ୱର, କଟକ, ପୁରୀ ଏବଂ ସମ୍ବଲପୁର ଓଡ଼ିଶାର ସହର; କ୍ଷେତ୍ର, ଜ୍ଞାନ, ୧୨୩୪୫।",
    "Sinhala": "කොළඹ, මහනුවර, ගාල්ල සහ යාපනය ශ්‍රී ලංකාවේ නගර වේ; ක්‍රීඩා, ප්‍රදේශ, ක්ෂේත්‍ර.",
    "Telugu": "హైదరాబాద్, విజయవాడ, విశాఖపట్నం మరియు వరంగల్ తెలుగు నగరాలు; క్షేత్రం, జ్ఞానం, స్త్రీ.",
}


def _noto(script: str, name: str, text: str, **more: object) -> Sample:
    return Sample(name, {"text": text, "fonts": [f"Noto Sans {script}", "Noto Sans"], **more})


RIGHT_TO_LEFT = (
    _noto("Arabic", "Arabic with numbers and Latin, at its start", _ARABIC, align="start"),
    _noto("Arabic", "Arabic, justified", _ARABIC, align="justify", line_height=1.6),
    _noto(
        "Arabic",
        "Arabic figures, percent signs and ranges",
        "السعر ١٢٣٫٥٠ أو 50% من 10–20 كم (تقريبًا) [2]، +7 -3 ص 12/5/2026 www.example.org/ar؟",
        align="start",
    ),
    _noto(
        "Arabic",
        "Arabic, letters spaced, at the end",
        "بغداد، دمشق، عمّان، الرباط، تونس، الجزائر، طرابلس",
        letter_spacing=3.0,
        align="end",
    ),
    _noto("Arabic", "Arabic, cut after two lines", _ARABIC, align="start", max_lines=2, overflow="ellipsis"),
    Sample(
        "runs within Arabic words",
        {
            "runs": [
                {"text": "القا"},
                {"text": "هر", "weight": 700},
                {"text": "ة والإ"},
                {"text": "سكن", "color": "#000001"},
                {"text": "درية ود"},
                {"text": "مشق", "size": 32.0},
            ],
            "fonts": ["Noto Sans Arabic"],
            "align": "start",
        },
    ),
    _noto("Hebrew", "Hebrew with numbers and Latin", _HEBREW, align="start"),
    _noto(
        "Hebrew",
        "Hebrew with points, letters spaced",
        "שָׁלוֹם עֲלֵיכֶם, בְּרוּכִים הַבָּאִים לִירוּשָׁלַיִם (2026)",
        align="start",
        letter_spacing=2.0,
    ),
    _noto(
        "Hebrew",
        "Hebrew, first line indented, justified",
        f"{_HEBREW} {_HEBREW}",
        align="justify",
        indent=30.0,
    ),
    _noto(
        "Hebrew",
        "Latin with Hebrew in it, told to run from right to left",
        "The city חיפה, 90 km (ca.) from תל אביב!",
        direction="rtl",
        align="start",
        box_width=260.0,
    ),
    _noto(
        "Arabic", "Arabic in a narrow box", "فسيكفيكهم والمستشفيات واستقلالية", box_width=60.0, align="start"
    ),
    _noto(
        "Hebrew",
        "Hebrew and Latin, cut after one line",
        "הרכבת מ־Paris Nord אל Amsterdam Centraal יוצאת בבוקר",
        max_lines=1,
        overflow="ellipsis",
        align="start",
    ),
    _noto("Hebrew", "Hebrew beside Latin, from left to right", _HEBREW, direction="ltr", align="start"),
    _noto(
        "Hebrew",
        "directions within directions",
        _TURNS,
        box_width=200.0,
    ),
)

INDIC = (
    _noto(
        "Devanagari",
        "Devanagari",
        "दिल्ली, मुंबई, कोलकाता और चेन्नई भारत के बड़े शहर हैं; क्षेत्र, ज्ञान, श्रृंखला, र्क्ष और १२३४५ भी लिखे गए हैं।",
    ),
    _noto("Devanagari", "Devanagari, letters spaced", "दिल्ली क्षेत्र, ज्ञान, श्रृंखला और हिन्दी", letter_spacing=2.0),
    _noto(
        "Bengali",
        "Bengali",
        "ঢাকা, চট্টগ্রাম, রাজশাহী ও খুলনা বাংলাদেশের বড় শহর; ক্ষেত্র, জ্ঞান, র‍্যাব এবং ১২৩৪৫ এখানে লেখা আছে।",
    ),
    _noto(
        "Tamil",
        "Tamil",
        "சென்னை, மதுரை, கோயம்புத்தூர் மற்றும் திருச்சி தமிழ்நாட்டின் பெரிய நகரங்கள்; ஸ்ரீ மற்றும் க்ஷ எழுத்துகள்.",
    ),
    _noto("Tamil", "Tamil in a narrow box", "திருவனந்தபுரத்திலிருந்து கன்னியாகுமரிக்கு", box_width=110.0),
    *(_noto(name, name, text) for name, text in _OF_INDIA.items()),
)

SOUTH_EAST = (
    _noto(
        "Thai", "Thai", "กรุงเทพมหานครเป็นเมืองหลวงของประเทศไทยมีประชากรหลายล้านคนและมีแม่น้ำเจ้าพระยาไหลผ่านกลางเมือง"
    ),
    _noto("Thai", "Thai, letters spaced", "กรุงเทพมหานคร น้ำตก ที่นี่ เชียงใหม่ ผู้ใหญ่", letter_spacing=2.0),
    _noto("Lao", "Lao", "ວຽງຈັນເປັນນະຄອນຫຼວງຂອງປະເທດລາວຕັ້ງຢູ່ແຄມແມ່ນ້ຳຂອງແລະມີປະຊາກອນຫຼາຍແສນຄົນ"),
    _noto("Khmer", "Khmer", "ភ្នំពេញជារាជធានីនៃព្រះរាជាណាចក្រកម្ពុជាដែលស្ថិតនៅតាមដងទន្លេមេគង្គនិងមានប្រជាជនច្រើនលាននាក់"),
    _noto("Khmer", "Khmer in a narrow box", "ភ្នំពេញជារាជធានីនៃព្រះរាជាណាចក្រកម្ពុជា", box_width=100.0),
    _noto("Myanmar", "Burmese", "ရန်ကုန်မြို့သည်မြန်မာနိုင်ငံ၏အကြီးဆုံးမြို့ဖြစ်ပြီးလူဦးရေသန်းပေါင်းများစွာနေထိုင်ကြသည်"),
)

OTHERS = (
    _noto(
        "Georgian",
        "Georgian",
        "თბილისი, ქუთაისი, ბათუმი და რუსთავი საქართველოს ქალაქებია; აქ ცხოვრობს 1 200 000 კაცი.",
    ),
    _noto(
        "Armenian",
        "Armenian",
        "Երևան, Գյումրի, Վանաձոր և Էջմիածին քաղաքները Հայաստանում են․ այստեղ ապրում է 1 100 000 մարդ։",
    ),
    _noto("Ethiopic", "Ethiopic", "አዲስ፡አበባ፡የኢትዮጵያ፡ዋና፡ከተማ፡ናት።ጎንደር፣ ሐረር፣ ባሕር ዳር እና መቀሌ ሌሎች ከተሞች ናቸው።"),
    _noto(
        "Ethiopic",
        "Ethiopic, justified",
        "አዲስ፡አበባ፡የኢትዮጵያ፡ዋና፡ከተማ፡ናት። ጎንደር፣ ሐረር፣ ባሕር ዳር እና መቀሌ ሌሎች ከተሞች ናቸው።",
        align="justify",
    ),
    Sample(
        "eight scripts in one line of fonts",
        {
            "text": "Athens Αθήνα, Київ, ירושלים, القاهرة, दिल्ली, กรุงเทพ, თბილისი, Երևան, አዲስ አበባ",
            "fonts": [
                "Source Sans Pro",
                "Noto Sans",
                *(
                    f"Noto Sans {name}"
                    for name in ("Hebrew", "Arabic", "Devanagari", "Thai", "Georgian", "Armenian", "Ethiopic")
                ),
            ],
            "align": "start",
        },
    ),
    Sample(
        "emoji in colour",
        {
            "text": _EMOJI,
            "fonts": ["Source Sans Pro", "Noto Sans", "OpenMoji", "Noto Emoji"],
        },
    ),
)
