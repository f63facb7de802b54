### What stands round every message: status, marks, shapes of values, units.

## Status: stands in every block and every row.

status-ACTUAL = РЕАЛЬНО
status-EXERCISE = УЧЕНИЕ
status-TEST = ИСПЫТАНИЕ

## Answers that stand in place of a value. They are different answers and never share a phrase.

answer-unknown = НЕИЗВЕСТНО
answer-withheld = НЕ РАСКРЫВАЕТСЯ
answer-not_stated = НЕ УКАЗАНО
answer-none = ОТСУТСТВУЕТ
value-yes_no-yes = ДА
value-yes_no-no = НЕТ
value-certainty-observed = наблюдалось
value-certainty-likely = вероятно
value-certainty-possible = возможно
value-certainty-unlikely = маловероятно
precision-hour = с точностью до часа
precision-day = с точностью до суток

## Shapes of values. Variables are ready strings; no word is bent to fit them.

certain-value = { $value } (достоверность: { $certainty })
precise-value = { $value } (точность: { $precision })
window-closed = начало: { $from }; конец: { $until }
window-open = начало: { $from }; конец: не указан
window-days = первый день: { $from }; последний день: { $until }
place-circle = круг; центр: { $centre }; радиус: { $radius }
place-polygon = многоугольник; вершины по порядку: { $corners }
place-named = названное место: { $name }
heights = нижний предел: { $lower }; верхний предел: { $upper }
height-reference-surface = поверхность земли или моря
height-reference-unlimited = без верхнего предела
height-reference-msl = высота над средним уровнем моря: { $height }
height-reference-flight_level = эшелон полёта: { $height }
azimuth = { $degrees }° от истинного севера
azimuth-sector = сектор по часовой стрелке от истинного севера; первая сторона: { $from }°; последняя сторона: { $until }°
count-band = не менее: { $lower }; не более: { $upper }
count-at_least = не менее: { $number }
quantity = { $number } { $unit }
own-text = собственный текст, без перевода: “{ $text }”
act-open = { $act } (выполнение или отказ: не указано)

## Units: our own table.

unit-m = м
unit-km = км
unit-NM = морских миль
unit-ft = футов
unit-m_s = м/с
unit-km_h = км/ч
unit-kt = уз
unit-s = с
unit-min = мин
unit-h = ч
unit-d = сут
unit-Bq = Бк
unit-GBq = ГБк
unit-TBq = ТБк
unit-PBq = ПБк
unit-nSv_h = нЗв/ч
unit-uSv_h = мкЗв/ч
unit-mSv_h = мЗв/ч
unit-Sv_h = Зв/ч

## What stands round every message.

meta-status = Статус
meta-sender = От кого
meta-authored = Составлено
meta-precedence = Срочность
meta-authority = Чьими полномочиями
meta-principal = Утверждено высшим руководителем
meta-officer = Офицер
meta-ref = Относится к сообщению
meta-valid_from = Действует с
meta-valid_until = Действует до
meta-respond_by = Ответить не позднее
meta-pass_to = Передать подразделению
meta-action = Ответ обязаны дать
meta-clearance = Разрешено показать
meta-force = Вид высказывания
force-fact = изложение фактов
force-intention = заявление о намерении
force-request = просьба
force-question = вопрос
force-proposal = предложение; никого не обязывает до принятия
force-reply = ответ
force-text = свободный текст, не кодирован
precedence-ROUTINE = ОБЫЧНОЕ
precedence-PRIORITY = ПЕРВООЧЕРЕДНОЕ
precedence-IMMEDIATE = СРОЧНОЕ
precedence-FLASH = МОЛНИЯ
authority-DUTY_OFFICER = дежурный офицер
authority-RELEASER = дежурный офицер и разрешающий отправку
authority-DELEGATE = уполномоченный представитель
authority-PRINCIPAL = высший руководитель
authority-MEDIATOR = посредник
principal-NOT_STATED = НЕ УКАЗАНО
principal-YES = ДА, УТВЕРЖДЕНО
principal-NO = НЕТ, НЕ УТВЕРЖДЕНО
action-all = все остальные участники

## Marks under every rendering.

mark-data_prevails = Данные имеют преимущество перед этим изложением.
mark-back_read = Формулировки перечитаны авторами обратным переводом; дипломатом-носителем языка не проверены.
mark-draft = ЧЕРНОВАЯ ФОРМУЛИРОВКА: не проверена дипломатом-носителем языка.
mark-name_as_sent = Название дано так, как написал отправитель; в глоссарии его нет.
mark-text_concern = В словах отправителя есть знаки, способные обмануть глаз; они показаны кодами или названы в предупреждениях.

## What a reader cannot see in somebody's own words (the concerns of `untrusted`).

concern-HIDDEN = Знак без собственного начертания показан кодом.
concern-MANY_MARKS = На одной букве больше знаков, чем нужно любому письму.
concern-MIXED_SCRIPTS = В одном слове буквы разных письменностей.
concern-WHOLE_SCRIPT = Слово целиком написано похожими буквами другой письменности.
concern-LOOKS_LIKE_NAME = Похоже на название из глоссария, но это не оно.
concern-FOREIGN_NUMERAL = Число записано не западными цифрами.
concern-MIXED_NUMERALS = В одном тексте цифры разных систем.
concern-LETTER_IN_NUMBER = Среди цифр стоит буква, похожая на цифру.
