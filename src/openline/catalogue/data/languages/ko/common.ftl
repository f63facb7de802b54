### What stands round every message: status, marks, shapes of values, units.

## Status: stands in every block and every row.

status-ACTUAL = 실제
status-EXERCISE = 연습
status-TEST = 시험

## Answers that stand in place of a value. They are different answers and never share a phrase.

answer-unknown = 모름
answer-withheld = 비공개
answer-not_stated = 명시하지 않음
answer-none = 없음
value-yes_no-yes = 예
value-yes_no-no = 아니요
value-certainty-observed = 관측됨
value-certainty-likely = 개연성 높음
value-certainty-possible = 가능성 있음
value-certainty-unlikely = 가능성 낮음
precision-hour = 시간 단위
precision-day = 날짜 단위

## Shapes of values. Variables are ready strings; no word is bent to fit them.

certain-value = { $value } (확실성: { $certainty })
precise-value = { $value } (정밀도: { $precision })
window-closed = 시작: { $from }; 종료: { $until }
window-open = 시작: { $from }; 종료: 명시하지 않음
window-days = 첫날: { $from }; 마지막 날: { $until }
place-circle = 원; 중심: { $centre }; 반지름: { $radius }
place-polygon = 다각형; 꼭짓점 순서: { $corners }
place-named = 지명: { $name }
heights = 하한: { $lower }; 상한: { $upper }
height-reference-surface = 지표면 또는 해수면
height-reference-unlimited = 상한 없음
height-reference-msl = 평균 해수면 위 높이: { $height }
height-reference-flight_level = 비행 고도층: { $height }
azimuth = 진북 기준: { $degrees }°
azimuth-sector = 진북 기준 시계 방향 부채꼴; 첫 변: { $from }°; 끝 변: { $until }°
count-band = 최소: { $lower }; 최대: { $upper }
count-at_least = 최소: { $number }
quantity = { $number } { $unit }
own-text = 원문, 번역하지 않음: “{ $text }”
act-open = { $act } (이행 여부: 명시하지 않음)

## Units: our own table.

unit-m = m
unit-km = km
unit-NM = 해리
unit-ft = 피트
unit-m_s = m/s
unit-km_h = km/h
unit-kt = 노트
unit-s = 초
unit-min = 분
unit-h = 시간
unit-d = 일
unit-Bq = Bq
unit-GBq = GBq
unit-TBq = TBq
unit-PBq = PBq
unit-nSv_h = nSv/h
unit-uSv_h = µSv/h
unit-mSv_h = mSv/h
unit-Sv_h = Sv/h

## What stands round every message.

meta-status = 구분
meta-sender = 발신 측
meta-authored = 작성 시각
meta-precedence = 우선순위
meta-authority = 권한
meta-principal = 최고 책임자의 승인
meta-officer = 담당 장교
meta-ref = 참조 전문
meta-valid_from = 효력 시작
meta-valid_until = 효력 종료
meta-respond_by = 응답 시한
meta-pass_to = 전달할 부대
meta-action = 응답 의무 측
meta-clearance = 공개 허용 대상
meta-force = 발언의 성격
force-fact = 사실의 진술
force-intention = 의도의 표명
force-request = 요청
force-question = 질문
force-proposal = 제안; 수락 전에는 구속력 없음
force-reply = 응답
force-text = 자유 문장; 부호화되지 않음
precedence-ROUTINE = 일반
precedence-PRIORITY = 우선
precedence-IMMEDIATE = 긴급
precedence-FLASH = 초긴급
authority-DUTY_OFFICER = 당직 장교
authority-RELEASER = 당직 장교와 발신 승인자
authority-DELEGATE = 위임 대표
authority-PRINCIPAL = 최고 책임자
authority-MEDIATOR = 중재자
principal-NOT_STATED = 명시하지 않음
principal-YES = 예, 승인함
principal-NO = 아니요, 승인하지 않음
action-all = 다른 모든 구성원

## Marks under every rendering.

mark-data_prevails = 이 표시문보다 원 데이터가 우선합니다.
mark-back_read = 작성자가 문구별로 역독하여 대조한 문안이며, 모국어 외교관의 검토는 받지 않았습니다.
mark-draft = 초안 문안: 모국어 외교관의 검토를 받지 않음.
mark-name_as_sent = 명칭은 발신 측이 쓴 그대로이며 용어집에 없습니다.
mark-text_concern = 발신 측의 글에 눈을 속일 수 있는 문자가 있으며, 코드 포인트로 표시하거나 경고에 적었습니다.

## What a reader cannot see in somebody's own words (the concerns of `untrusted`).

concern-HIDDEN = 고유한 모양이 없는 문자를 코드 포인트로 표시함.
concern-MANY_MARKS = 한 글자에 어떤 문자 체계에도 필요하지 않을 만큼 많은 부호가 붙어 있음.
concern-MIXED_SCRIPTS = 한 낱말이 여러 문자 체계의 글자로 쓰임.
concern-WHOLE_SCRIPT = 한 낱말 전체가 똑같아 보이는 다른 문자 체계의 글자로 쓰임.
concern-LOOKS_LIKE_NAME = 용어집의 명칭처럼 보이지만 그 명칭이 아님.
concern-FOREIGN_NUMERAL = 서양 숫자로 쓰지 않은 수임.
concern-MIXED_NUMERALS = 한 글에 여러 숫자 체계의 숫자가 섞여 있음.
concern-LETTER_IN_NUMBER = 숫자 사이에 숫자처럼 보이는 글자가 있음.
