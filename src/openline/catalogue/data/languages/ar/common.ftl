### What stands round every message: status, marks, shapes of values, units.

## Status: stands in every block and every row.

status-ACTUAL = فعلي
status-EXERCISE = تمرين
status-TEST = اختبار

## Answers that stand in place of a value. They are different answers and never share a phrase.

answer-unknown = غير معروف
answer-withheld = محجوب
answer-not_stated = غير مذكور
answer-none = لا شيء
value-yes_no-yes = نعم
value-yes_no-no = لا
value-certainty-observed = مرصود
value-certainty-likely = مرجَّح
value-certainty-possible = ممكن
value-certainty-unlikely = مستبعَد
precision-hour = بدقة الساعة
precision-day = بدقة اليوم

## Shapes of values. Variables are ready strings; no word is bent to fit them.

certain-value = { $value } (درجة اليقين: { $certainty })
precise-value = { $value } (الدقة: { $precision })
window-closed = البداية: { $from }؛ النهاية: { $until }
window-open = البداية: { $from }؛ النهاية: غير مذكورة
window-days = اليوم الأول: { $from }؛ اليوم الأخير: { $until }
place-circle = دائرة؛ المركز: { $centre }؛ نصف القطر: { $radius }
place-polygon = مضلَّع؛ الرؤوس بالترتيب: { $corners }
place-named = مكان مسمّى: { $name }
heights = الحد الأدنى: { $lower }؛ الحد الأعلى: { $upper }
height-reference-surface = سطح الأرض أو البحر
height-reference-unlimited = بلا حد أعلى
height-reference-msl = الارتفاع فوق متوسط سطح البحر: { $height }
height-reference-flight_level = مستوى الطيران: { $height }
azimuth = { $degrees }° من الشمال الحقيقي
azimuth-sector = قطاع باتجاه عقارب الساعة من الشمال الحقيقي؛ الضلع الأول: { $from }°؛ الضلع الأخير: { $until }°
count-band = على الأقل: { $lower }؛ على الأكثر: { $upper }
count-at_least = على الأقل: { $number }
quantity = { $number } { $unit }
own-text = نص أصلي غير مترجَم: “{ $text }”
act-open = { $act } (فعل أم امتناع: غير مذكور)

## Units: our own table.

unit-m = متر
unit-km = كم
unit-NM = ميل بحري
unit-ft = قدم
unit-m_s = م/ث
unit-km_h = كم/س
unit-kt = عقدة
unit-s = ثانية
unit-min = دقيقة
unit-h = ساعة
unit-d = يوم
unit-Bq = بيكريل
unit-GBq = غيغابيكريل
unit-TBq = تيرابيكريل
unit-PBq = بيتابيكريل
unit-nSv_h = نانوسيفرت/س
unit-uSv_h = ميكروسيفرت/س
unit-mSv_h = ملّيسيفرت/س
unit-Sv_h = سيفرت/س

## What stands round every message.

meta-status = صفة الرسالة
meta-sender = من الطرف
meta-authored = كُتبت في
meta-precedence = الأسبقية
meta-authority = بتفويض من
meta-principal = موافقة صاحب القرار
meta-officer = الضابط المسؤول
meta-ref = تشير إلى الرسالة
meta-valid_from = سارية من
meta-valid_until = سارية حتى
meta-respond_by = الرد قبل
meta-pass_to = تُمرَّر إلى
meta-action = الرد مطلوب من
meta-clearance = يجوز عرضها على
meta-force = نوع القول
force-fact = تقرير واقعة
force-intention = إعلان نية
force-request = طلب
force-question = سؤال
force-proposal = اقتراح؛ لا يُلزم أحدًا قبل قبوله
force-reply = رد
force-text = كلام حر غير مرمَّز
precedence-ROUTINE = عادي
precedence-PRIORITY = ذو أولوية
precedence-IMMEDIATE = عاجل
precedence-FLASH = فوري خاطف
authority-DUTY_OFFICER = ضابط المناوبة
authority-RELEASER = ضابط المناوبة ومعتمِد الإرسال
authority-DELEGATE = المندوب
authority-PRINCIPAL = صاحب القرار
authority-MEDIATOR = الوسيط
principal-NOT_STATED = غير مذكور
principal-YES = نعم، وافق
principal-NO = لا، لم يوافق
action-all = جميع الأعضاء الآخرين

## Marks under every rendering.

mark-data_prevails = البيانات هي المرجع عند اختلافها عن هذا العرض.
mark-back_read = راجع واضعو الصيغة عباراتها بقراءتها عكسيًا؛ ولم يراجعها دبلوماسي من أهل اللغة.
mark-draft = صيغة أولية: لم يراجعها دبلوماسي من أهل اللغة.
mark-name_as_sent = الاسم وارد كما كتبه المرسِل وليس في المسرد.
mark-text_concern = في كلام المرسِل محارف قد تخدع العين؛ وهي معروضة بأرقامها أو مذكورة في التنبيهات.

## What a reader cannot see in somebody's own words (the concerns of `untrusted`).

concern-HIDDEN = محرف لا شكل له معروض برقمه.
concern-MANY_MARKS = على حرف واحد علامات أكثر مما تحتاجه أي كتابة.
concern-MIXED_SCRIPTS = كلمة واحدة مكتوبة بحروف كتابات مختلفة.
concern-WHOLE_SCRIPT = كلمة مكتوبة كلها بحروف كتابة أخرى متشابهة الشكل.
concern-LOOKS_LIKE_NAME = هذا يشبه اسمًا في المسرد وليس هو.
concern-FOREIGN_NUMERAL = هذا العدد غير مكتوب بالأرقام الغربية.
concern-MIXED_NUMERALS = في نص واحد أرقام من أنظمة عددية مختلفة.
concern-LETTER_IN_NUMBER = بين الأرقام حرف يشبه رقمًا.
