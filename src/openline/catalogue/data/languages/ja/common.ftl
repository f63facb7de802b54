### What stands round every message: status, marks, shapes of values, units.

## Status: stands in every block and every row.

status-ACTUAL = 実際
status-EXERCISE = 演習
status-TEST = 試験

## Answers that stand in place of a value. They are different answers and never share a phrase.

answer-unknown = 不明
answer-withheld = 非開示
answer-not_stated = 記載なし
answer-none = 該当なし
value-yes_no-yes = はい
value-yes_no-no = いいえ
value-certainty-observed = 観測済み
value-certainty-likely = 可能性が高い
value-certainty-possible = 可能性がある
value-certainty-unlikely = 可能性が低い
precision-hour = 時間単位
precision-day = 日単位

## Shapes of values. Variables are ready strings; no word is bent to fit them.

certain-value = { $value }（確度：{ $certainty }）
precise-value = { $value }（精度：{ $precision }）
window-closed = 開始：{ $from }；終了：{ $until }
window-open = 開始：{ $from }；終了：記載なし
window-days = 初日：{ $from }；最終日：{ $until }
place-circle = 円；中心：{ $centre }；半径：{ $radius }
place-polygon = 多角形；頂点の順：{ $corners }
place-named = 地名：{ $name }
heights = 下限：{ $lower }；上限：{ $upper }
height-reference-surface = 地表または海面
height-reference-unlimited = 上限なし
height-reference-msl = 平均海面上：{ $height }
height-reference-flight_level = フライトレベル：{ $height }
azimuth = 真北基準：{ $degrees }°
azimuth-sector = 真北から時計回りの扇形；始辺：{ $from }°；終辺：{ $until }°
count-band = 最小：{ $lower }；最大：{ $upper }
count-at_least = 最小：{ $number }
quantity = { $number } { $unit }
own-text = 原文、未翻訳：“{ $text }”
act-open = { $act }（実施の有無：記載なし）

## Units: our own table.

unit-m = m
unit-km = km
unit-NM = 海里
unit-ft = フィート
unit-m_s = m/s
unit-km_h = km/h
unit-kt = ノット
unit-s = 秒
unit-min = 分
unit-h = 時間
unit-d = 日
unit-Bq = Bq
unit-GBq = GBq
unit-TBq = TBq
unit-PBq = PBq
unit-nSv_h = nSv/h
unit-uSv_h = µSv/h
unit-mSv_h = mSv/h
unit-Sv_h = Sv/h

## What stands round every message.

meta-status = 区分
meta-sender = 発信側
meta-authored = 作成時刻
meta-precedence = 優先順位
meta-authority = 権限
meta-principal = 最高責任者の承認
meta-officer = 担当士官
meta-ref = 参照電文
meta-valid_from = 有効開始
meta-valid_until = 有効終了
meta-respond_by = 回答期限
meta-pass_to = 伝達すべき部隊
meta-action = 回答義務者
meta-clearance = 提示可能な相手
meta-force = 発言の性質
force-fact = 事実の陳述
force-intention = 意図の表明
force-request = 要請
force-question = 質問
force-proposal = 提案；受諾までは誰も拘束しない
force-reply = 回答
force-text = 自由文；符号化なし
precedence-ROUTINE = 通常
precedence-PRIORITY = 優先
precedence-IMMEDIATE = 至急
precedence-FLASH = 最至急
authority-DUTY_OFFICER = 当直士官
authority-RELEASER = 当直士官と発信承認者
authority-DELEGATE = 委任代表
authority-PRINCIPAL = 最高責任者
authority-MEDIATOR = 仲介者
principal-NOT_STATED = 記載なし
principal-YES = はい、承認済み
principal-NO = いいえ、未承認
action-all = 他の全構成員

## Marks under every rendering.

mark-data_prevails = この表示文よりもデータが優先する。
mark-back_read = 文言は作成者が一句ずつ逆読して照合した。母語話者の外交官による確認は受けていない。
mark-draft = 文言草案：母語話者の外交官による確認を受けていない。
mark-name_as_sent = 名称は発信側の表記のままで、用語集にない。
mark-text_concern = 発信側の文に見誤るおそれのある文字がある。符号位置で示すか、警告に記す。

## What a reader cannot see in somebody's own words (the concerns of `untrusted`).

concern-HIDDEN = 固有の形を持たない文字を符号位置で示す。
concern-MANY_MARKS = 一つの文字に、どの文字体系にも不要な数の記号が付いている。
concern-MIXED_SCRIPTS = 一つの語が複数の文字体系の文字で書かれている。
concern-WHOLE_SCRIPT = 一つの語全体が、同じに見える別の文字体系の文字で書かれている。
concern-LOOKS_LIKE_NAME = 用語集の名称に見えるが、その名称ではない。
concern-FOREIGN_NUMERAL = 西洋数字で書かれていない数。
concern-MIXED_NUMERALS = 一つの文に複数の数字体系の数字が混ざっている。
concern-LETTER_IN_NUMBER = 数字の中に、数字に見える文字がある。
