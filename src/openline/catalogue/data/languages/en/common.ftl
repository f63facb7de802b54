### What stands round every message: status, marks, shapes of values, units.

## Status: stands in every block and every row.

status-ACTUAL = ACTUAL
status-EXERCISE = EXERCISE
status-TEST = TEST

## Answers that stand in place of a value. They are different answers and never share a phrase.

answer-unknown = UNKNOWN
answer-withheld = WITHHELD
answer-not_stated = NOT STATED
answer-none = NONE
value-yes_no-yes = YES
value-yes_no-no = NO
value-certainty-observed = observed
value-certainty-likely = likely
value-certainty-possible = possible
value-certainty-unlikely = unlikely
precision-hour = to the hour
precision-day = to the day

## Shapes of values. Variables are ready strings; no word is bent to fit them.

certain-value = { $value } (certainty: { $certainty })
precise-value = { $value } (precision: { $precision })
window-closed = start: { $from }; end: { $until }
window-open = start: { $from }; end: none stated
window-days = first day: { $from }; last day: { $until }
place-circle = circle; centre: { $centre }; radius: { $radius }
place-polygon = polygon; corners in order: { $corners }
place-named = named place: { $name }
heights = lower limit: { $lower }; upper limit: { $upper }
height-reference-surface = ground or sea surface
height-reference-unlimited = no upper limit
height-reference-msl = { $height } above mean sea level
height-reference-flight_level = flight level: { $height }
azimuth = { $degrees }° from true north
azimuth-sector = sector clockwise from true north; first side: { $from }°; last side: { $until }°
count-band = at least: { $lower }; at most: { $upper }
count-at_least = at least: { $number }
quantity = { $number } { $unit }
own-text = own text, not translated: “{ $text }”
act-open = { $act } (done or not done: not stated)

## Units: our own table.

unit-m = m
unit-km = km
unit-NM = NM
unit-ft = ft
unit-m_s = m/s
unit-km_h = km/h
unit-kt = kt
unit-s = s
unit-min = min
unit-h = h
unit-d = d
unit-Bq = Bq
unit-GBq = GBq
unit-TBq = TBq
unit-PBq = PBq
unit-nSv_h = nSv/h
unit-uSv_h = µSv/h
unit-mSv_h = mSv/h
unit-Sv_h = Sv/h

## What stands round every message.

meta-status = Status
meta-sender = From
meta-authored = Written at
meta-precedence = Precedence
meta-authority = On the authority of
meta-principal = Approved by the principal
meta-officer = Officer
meta-ref = Refers to message
meta-valid_from = Valid from
meta-valid_until = Valid until
meta-respond_by = Respond by
meta-pass_to = Pass on to
meta-action = Answer owed by
meta-clearance = May be shown to
meta-force = Kind of statement
force-fact = statement of fact
force-intention = statement of intention
force-request = request
force-question = question
force-proposal = proposal; binds nobody until accepted
force-reply = reply
force-text = own words; not coded
precedence-ROUTINE = ROUTINE
precedence-PRIORITY = PRIORITY
precedence-IMMEDIATE = IMMEDIATE
precedence-FLASH = FLASH
authority-DUTY_OFFICER = duty officer
authority-RELEASER = duty officer and releaser
authority-DELEGATE = delegate
authority-PRINCIPAL = principal
authority-MEDIATOR = mediator
principal-NOT_STATED = NOT STATED
principal-YES = YES, APPROVED
principal-NO = NO, NOT APPROVED
action-all = every other member

## Marks under every rendering.

mark-data_prevails = The data prevails over this rendering.
mark-back_read = Wording back-read phrase by phrase by its authors; no native diplomat has reviewed it.
mark-draft = DRAFT WORDING: not reviewed by a native diplomat.
mark-name_as_sent = A name stands as the sender wrote it; the glossary does not hold it.
mark-text_concern = The sender’s own words hold characters that can mislead the eye; they are shown as code points or named in the warnings.

## What a reader cannot see in somebody's own words (the concerns of `untrusted`).

concern-HIDDEN = A character without a shape of its own is shown as its code point.
concern-MANY_MARKS = More marks stand on one letter than any script needs.
concern-MIXED_SCRIPTS = One word is written in letters of several scripts.
concern-WHOLE_SCRIPT = A word is written wholly in letters of another script that look the same.
concern-LOOKS_LIKE_NAME = This looks like a name of the glossary but is not that name.
concern-FOREIGN_NUMERAL = This number is not written with Western digits.
concern-MIXED_NUMERALS = Digits of several numeral systems stand in one text.
concern-LETTER_IN_NUMBER = A letter stands among digits and looks like a digit.
