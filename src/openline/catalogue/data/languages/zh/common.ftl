### What stands round every message: status, marks, shapes of values, units.

## Status: stands in every block and every row.

status-ACTUAL = 实情
status-EXERCISE = 演习
status-TEST = 测试

## Answers that stand in place of a value. They are different answers and never share a phrase.

answer-unknown = 不知道
answer-withheld = 不予提供
answer-not_stated = 未说明
answer-none = 无
value-yes_no-yes = 是
value-yes_no-no = 否
value-certainty-observed = 已观察到
value-certainty-likely = 很可能
value-certainty-possible = 有可能
value-certainty-unlikely = 不太可能
precision-hour = 精确到小时
precision-day = 精确到日

## Shapes of values. Variables are ready strings; no word is bent to fit them.

certain-value = { $value }（确定程度：{ $certainty }）
precise-value = { $value }（精度：{ $precision }）
window-closed = 开始：{ $from }；结束：{ $until }
window-open = 开始：{ $from }；结束：未说明
window-days = 首日：{ $from }；末日：{ $until }
place-circle = 圆；圆心：{ $centre }；半径：{ $radius }
place-polygon = 多边形；顶点依次：{ $corners }
place-named = 地名：{ $name }
heights = 下限：{ $lower }；上限：{ $upper }
height-reference-surface = 地面或海面
height-reference-unlimited = 无上限
height-reference-msl = 平均海平面以上：{ $height }
height-reference-flight_level = 飞行高度层：{ $height }
azimuth = 真北起算：{ $degrees }°
azimuth-sector = 自真北顺时针扇区；起边：{ $from }°；止边：{ $until }°
count-band = 最少：{ $lower }；最多：{ $upper }
count-at_least = 最少：{ $number }
quantity = { $number } { $unit }
own-text = 原文，未翻译：“{ $text }”
act-open = { $act }（为或不为：未说明）

## Units: our own table.

unit-m = 米
unit-km = 公里
unit-NM = 海里
unit-ft = 英尺
unit-m_s = 米/秒
unit-km_h = 公里/小时
unit-kt = 节
unit-s = 秒
unit-min = 分钟
unit-h = 小时
unit-d = 天
unit-Bq = 贝可
unit-GBq = 吉贝可
unit-TBq = 太贝可
unit-PBq = 拍贝可
unit-nSv_h = 纳希沃特/小时
unit-uSv_h = 微希沃特/小时
unit-mSv_h = 毫希沃特/小时
unit-Sv_h = 希沃特/小时

## What stands round every message.

meta-status = 性质
meta-sender = 发送方
meta-authored = 撰写时间
meta-precedence = 优先等级
meta-authority = 授权者
meta-principal = 最高负责人批准
meta-officer = 军官
meta-ref = 参照电文
meta-valid_from = 生效时间
meta-valid_until = 有效期至
meta-respond_by = 答复期限
meta-pass_to = 须转告单位
meta-action = 须答复方
meta-clearance = 可展示对象
meta-force = 表述性质
force-fact = 事实陈述
force-intention = 意图声明
force-request = 请求
force-question = 询问
force-proposal = 提议；接受前不约束任何一方
force-reply = 答复
force-text = 自由文字；非编码
precedence-ROUTINE = 常规
precedence-PRIORITY = 优先
precedence-IMMEDIATE = 紧急
precedence-FLASH = 特急
authority-DUTY_OFFICER = 值班军官
authority-RELEASER = 值班军官与签发人
authority-DELEGATE = 受权代表
authority-PRINCIPAL = 最高负责人
authority-MEDIATOR = 调解方
principal-NOT_STATED = 未说明
principal-YES = 是，已批准
principal-NO = 否，未批准
action-all = 其他所有成员

## Marks under every rendering.

mark-data_prevails = 数据优先于本文字表述。
mark-back_read = 措辞由编写者逐句回读核对；未经母语外交人员审阅。
mark-draft = 措辞草案：未经母语外交人员审阅。
mark-name_as_sent = 名称按发送方所写显示；术语表中没有。
mark-text_concern = 发送方文字中含有可能误导视觉的字符；已以码位显示或在警告中指出。

## What a reader cannot see in somebody's own words (the concerns of `untrusted`).

concern-HIDDEN = 没有自身字形的字符以码位显示。
concern-MANY_MARKS = 一个字母上的附加符号多于任何文字所需。
concern-MIXED_SCRIPTS = 一个词由多种文字的字母写成。
concern-WHOLE_SCRIPT = 一个词全部由另一种文字中外形相同的字母写成。
concern-LOOKS_LIKE_NAME = 看似术语表中的名称，但不是该名称。
concern-FOREIGN_NUMERAL = 此数字未用西式数字书写。
concern-MIXED_NUMERALS = 一段文字中混有多种数字系统的数字。
concern-LETTER_IN_NUMBER = 数字之中有看似数字的字母。
