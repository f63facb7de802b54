"""Arabic, Persian, Chinese, Japanese, Korean and Russian sentences: one speaker, one set of words, or none."""

from __future__ import annotations

import pytest

from openline.press import Statement, read_page
from openline.press.page import language_of

OUTLETS = {  # a closing paragraph of the outlet's own, which is nobody's statement
    "arabic": "وتبادل البلدان إطلاق النار أربع مرات منذ الربيع الماضي قرب النهر.",
    "persian": "دو کشور از بهار تاکنون چهار بار به سوی یکدیگر تیراندازی کرده‌اند و پل بسته است.",
    "chinese": "春天以来，两国已经四次交火，边境上的桥梁一直关闭，渔民也没有回来。",
    "japanese": "両国は春以降、四回にわたり銃火を交えており、国境の橋は閉じられたままである。",
    "russian": "С весны две страны четырежды обменялись огнём, мост закрыт, и рыбаки так и не вернулись.",
    "korean": "두 나라는 봄 이후 네 차례 총격을 주고받았고 다리는 아직 닫혀 있다.",
}


def read(language: str, *paragraphs: str) -> tuple[Statement, ...]:
    page = read_page(("2026-11-10\n\n" + "\n\n".join((OUTLETS[language], *paragraphs, OUTLETS[language]))).encode())
    assert page.language == language
    return page.statements


@pytest.mark.parametrize(
    ("language", "sentence", "speaker", "words"),
    [
        ("arabic", "قال وزير خارجية ألبا إن بلاده مستعدة للقاء.", "وزير خارجية ألبا", "بلاده مستعدة للقاء"),
        ("arabic", "وقال وزير دفاع بورا: «لن نسحب المدافع».", "وزير دفاع بورا", "لن نسحب المدافع"),
        (
            "arabic",
            "ورحب الأمين العام للأمم المتحدة بالعرض قائلاً: «الباب مفتوح».",
            "الأمين العام للأمم المتحدة",
            "الباب مفتوح",
        ),
        ("persian", "وزیر دفاع بورا گفت که خط باز می‌ماند.", "وزیر دفاع بورا", "خط باز می‌ماند"),
        (
            "persian",
            "وزارت دفاع بورا اعلام کرد: «توپخانه را عقب نمی‌کشیم.»",
            "وزارت دفاع بورا",
            "توپخانه را عقب نمی‌کشیم.",
        ),
        ("chinese", "阿尔巴外交部长表示，阿尔巴愿意会谈。", "阿尔巴外交部长", "阿尔巴愿意会谈"),
        ("chinese", "“我们不会撤回炮兵，”博拉国防部发言人对记者说。", "博拉国防部发言人", "我们不会撤回炮兵"),
        ("chinese", "博拉外交部发言人拒绝评论这封来信。", "博拉外交部发言人", "拒绝评论这封来信"),
        ("japanese", "アルバの外相は「いつでも会う用意がある」と述べた。", "アルバの外相", "いつでも会う用意がある"),
        (
            "japanese",
            "ボラ外務省の報道官は、書簡についてコメントを控えた。",
            "ボラ外務省の報道官",
            "書簡についてコメントを控えた",
        ),
        ("korean", '알바 외무장관은 "언제든 만날 용의가 있다"고 말했다.', "알바 외무장관", "언제든 만날 용의가 있다"),
        (
            "korean",
            "보라 외무부 대변인은 제안에 대해 언급을 거부했다.",
            "보라 외무부 대변인",
            "제안에 대해 언급을 거부했다",
        ),
    ],
)
def test_a_speaker_has_words(language: str, sentence: str, speaker: str, words: str) -> None:
    (found,) = read(language, sentence)
    assert (found.speaker, found.words) == (speaker, words)
    assert found.party in ("Alba", "Bora", "United Nations")
    assert found.declined is ("拒绝" in words or "控えた" in words or "거부" in words)


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("arabic", "قال وزير خارجية ألبا إن بلاده مستعدة للقاء.", "وأضاف الوزير: «لا نريد صيفاً ثالثاً»."),
        ("arabic", "قال وزير خارجية ألبا إن بلاده مستعدة للقاء.", "وأضاف: «لا نريد صيفاً ثالثاً»."),
        ("persian", "وزیر دفاع بورا گفت که خط باز می‌ماند.", "او افزود: «ما تابستان سومی نمی‌خواهیم.»"),
        ("chinese", "阿尔巴外交部长表示，阿尔巴愿意会谈。", "他强调：“门已经打开。”"),
        ("japanese", "アルバの外相は「会う用意がある」と述べた。", "外相は「夏はもう望まない」と語った。"),
        ("korean", '알바 외무장관은 "만날 용의가 있다"고 말했다.', '장관은 "여름을 다시 원하지 않는다"고 덧붙였다.'),
    ],
)
def test_the_minister_and_he_are_the_one_named_before(language: str, first: str, second: str) -> None:
    one, two = read(language, first, second)
    assert (two.speaker, two.party) == (one.speaker, one.party)
    assert "speaker" in two.derived


def test_he_after_another_was_named_is_the_other() -> None:
    *_, last = read("chinese", "博拉国防部说：“我们不会撤回炮兵。”", "联合国秘书长对此表示欢迎。他强调：“门已经打开。”")
    assert last.speaker == "联合国秘书长"


def test_a_quotation_behind_an_attributed_sentence_continues_it() -> None:
    one, two = read("chinese", "“我们不会撤回炮兵。”博拉国防部发言人说。“演习必须停止。”")
    assert (one.speaker, two.speaker) == ("博拉国防部发言人", "博拉国防部发言人")


@pytest.mark.parametrize(
    ("language", "sentence", "speaker", "teller"),
    [
        ("korean", '알바 대통령은 보라 외무장관이 "전쟁은 없다"고 말했다고 전했다.', "보라 외무장관", "알바 대통령"),
        ("japanese", "アルバ大統領は、ボラの外相が「戦争はない」と述べたと語った。", "ボラの外相", "アルバ大統領"),
    ],
)
def test_what_one_says_another_said_is_the_others_through_the_one(
    language: str, sentence: str, speaker: str, teller: str
) -> None:
    (found,) = read(language, sentence)
    assert (found.speaker, found.via, found.form) == (speaker, (teller,), "reported")


def test_a_quotation_alone_has_no_speaker() -> None:
    (found,) = read("chinese", "“我们不会撤回炮兵，演习必须停止。”")
    assert (found.speaker, found.form) == (None, "direct")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("chinese", "这本书叫“通往河边的漫长道路”，卖得很好。"),
        ("chinese", "记者说：“我们已经等了三天三夜。”"),
        ("korean", '그 책은 "강으로 가는 먼 길이라는 제목"으로 팔린다.'),
    ],
)
def test_words_nobody_known_said_are_nobodys(language: str, sentence: str) -> None:
    assert read(language, sentence) == ()


def test_a_day_beside_the_verb_is_carried_to_the_same_speaker() -> None:
    one, two = read("chinese", "阿尔巴外交部长周一表示，阿尔巴愿意会谈。", "他强调：“门已经打开。”")
    assert one.said is not None
    assert two.said is not None
    assert (str(one.said.first), two.said.carried) == ("2026-11-09", True)


def test_a_role_without_party_or_past_stands_alone() -> None:
    (found,) = read("japanese", "外相は「夏はもう望まない」と語った。")
    assert (found.speaker, found.party) == ("外相", None)


def test_another_role_without_a_party_is_another() -> None:
    first, second = read("chinese", "博拉国防部发言人说：“我们不会撤回炮兵。”", "总统说：“门已经打开了。”")
    assert (first.party, second.speaker, second.party) == ("Bora", "总统", None)


def test_a_house_that_stands_for_a_state_is_no_minister_of_another() -> None:
    _, second = read("chinese", "博拉外交部长说：“我们必须停止试验。”白宫拒绝评论。")
    assert (second.speaker, second.party, second.declined) == ("白宫", "United States", True)


def test_an_office_is_no_party_and_a_party_no_office() -> None:
    (found,) = read("korean", '알바는 "언제든 만날 용의가 있다"고 말했다.')
    assert (found.speaker, found.office, found.party) == ("알바", None, "Alba")


def test_a_run_without_an_end_is_no_sentence() -> None:
    page = read_page((OUTLETS["chinese"] + "\n\n" + "河" * 3000 + "。\n\n" + OUTLETS["chinese"]).encode())
    assert [aside.reason for aside in page.set_aside] == ["too long to be read as a sentence"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        *((text, language) for language, text in OUTLETS.items()),
        ("The line was said to be open.", "english"),
        ("Der Außenminister von Alba sprach am Montag.", "other"),
        ("", "other"),
    ],
)
def test_the_language_is_known_by_its_letters(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("sentence", "speaker", "party", "words"),
    [
        (
            "Бора не отведёт орудия, пока Альба молчит, заявил во вторник министр обороны Боры.",
            "министр обороны Боры",
            "Bora",
            "Бора не отведёт орудия, пока Альба молчит",
        ),
        ("«Линия открыта», — сказал посланник Сендры.", "посланник Сендры", "Cendra", "Линия открыта"),
        ("Министр обороны Боры заявил: «Линия открыта».", "Министр обороны Боры", "Bora", "Линия открыта"),
        (
            "Представитель МИД Альбы сообщила, что журналы передадут.",
            "Представитель МИД Альбы",
            "Alba",
            "журналы передадут",
        ),
        ("По словам посланника Сендры, линия открыта.", "посланника Сендры", "Cendra", "линия открыта"),
        (
            "Президент Альбы отказалась назвать дату встречи.",
            "Президент Альбы",
            "Alba",
            "отказалась назвать дату встречи",
        ),
    ],
)
def test_a_russian_sentence_names_its_speaker_on_either_side_of_the_verb(
    sentence: str, speaker: str, party: str, words: str
) -> None:
    (found,) = read("russian", sentence)
    assert (found.speaker, found.party, found.words) == (speaker, party, words)


def test_a_russian_sentence_without_a_speaker_is_nobodys() -> None:
    assert (
        read("russian", "Никто в столице не знает, что было сказано по линии.", "Заявил кто-то: «Да, линия открыта».")
        == ()
    )


def test_other_cyrillic_languages_have_no_rules_and_say_so() -> None:
    ukrainian = "Міністр оборони заявив, що лінія відкрита, і що її перевіряють щогодини."
    page = read_page(("2026-11-10\n\n" + "\n\n".join([ukrainian] * 3)).encode())
    assert page.language == "other"
    assert page.statements == ()


@pytest.mark.parametrize(
    ("language", "sentence", "speaker", "teller", "words"),
    [
        (
            "arabic",
            "ونقلت وكالة أنباء بورا عن مصدر عسكري قوله إن الخط مفتوح.",
            "مصدر عسكري",
            "وكالة أنباء بورا",
            "الخط مفتوح",
        ),
        ("arabic", "وفقاً لوزارة دفاع ألبا، توقفت الطلعات.", "لوزارة دفاع ألبا", None, "توقفت الطلعات"),
        ("persian", "به گفته وزیر دفاع بورا، خط باز است.", "وزیر دفاع بورا", None, "خط باز است"),
        ("chinese", "据博拉媒体援引总参谋部消息报道，未发现任何飞行。", "总参谋部", "博拉媒体", "未发现任何飞行"),
        ("japanese", "アルバの外務省によると、回線は開いているという。", "アルバの外務省", None, "回線は開いている"),
        ("korean", "알바 외무부에 따르면, 회선은 열려 있다.", "알바 외무부", None, "회선은 열려 있다"),
        (
            "russian",
            "Полёты прекращены, сообщает агентство Боры со ссылкой на генштаб.",
            "генштаб",
            "агентство Боры",
            "Полёты прекращены",
        ),
    ],
)
def test_words_passed_on_are_the_cited_speakers(
    language: str, sentence: str, speaker: str, teller: str | None, words: str
) -> None:
    (found,) = read(language, sentence)
    assert (found.speaker.removeprefix("ل") if found.speaker else None) == speaker.removeprefix("ل")
    assert found.via == (() if teller is None else (teller,))
    assert found.words == words


def test_according_to_nobody_is_nobodys() -> None:
    assert read("japanese", "噂によると、回線は開いているという。") == ()


def test_a_second_half_behind_the_verb_is_the_same_speakers() -> None:
    first, second = read("chinese", "“没有人能核查的停火只是传闻。”博拉国防部发言人说，“我们要看记录。”")
    assert first.speaker == second.speaker == "博拉国防部发言人"
    assert second.words == "我们要看记录。"


def test_a_participle_begins_a_second_statement_whose_days_are_not_the_day_of_speaking() -> None:
    first, second = read(
        "arabic", "وشدد وزير الدفاع في بورا على أن «الهدنة لا يراها أحد»، مشيراً إلى أن حكومته تلقت رسالتين هذا الأسبوع."
    )
    assert first.speaker == second.speaker == "وزير الدفاع في بورا"
    assert (first.party, first.said, second.said) == ("Bora", None, None)
    assert second.words == "حكومته تلقت رسالتين هذا الأسبوع"
    first, second = read("russian", "Министр обороны Боры сообщил, что линия открыта, и отказался назвать дату.")
    assert (first.words, second.words) == ("линия открыта", "отказался назвать дату")
    assert (first.declined, second.declined) == (False, True)


def test_both_sides_agreed_in_other_languages_too() -> None:
    (found,) = read("russian", "По словам посланника Сендры, обе стороны договорились встретиться.")
    assert found.joint


def test_a_pronoun_behind_the_verb_is_the_one_last_spoken_of() -> None:
    _, found = read(
        "russian",
        "Президент Боры предупредила, что линия закрыта.",
        "«Я сказала: звонить», — подчеркнула она в обращении.",
    )
    assert (found.speaker, found.words) == ("Президент Боры", "Я сказала: звонить")


def test_he_rejected_it_and_said_are_two_statements_of_one_persian_speaker() -> None:
    first, second = read("persian", "سخنگوی دولت بورا این پیشنهاد را رد کرد و گفت خط بسته است.")
    assert first.speaker == second.speaker == "سخنگوی دولت بورا"
    assert (first.words, second.words) == ("این پیشنهاد را رد کرد", "خط بسته است")


def test_a_second_quotation_that_does_not_end_the_sentence_is_not_taken_for_the_speakers() -> None:
    (found,) = read("chinese", "“我们不会撤回炮兵，”博拉国防部发言人对记者说，“北岸”一词令人费解。")
    assert found.words == "我们不会撤回炮兵"


def test_a_russian_verb_without_words_behind_it_says_nothing() -> None:
    assert read("russian", "Министр обороны Боры сообщил об этом утром.") == ()


def test_a_word_that_only_holds_a_verb_is_none() -> None:
    (found,) = read("chinese", "对于博拉国防部的说法，阿尔巴总统表示，热线已经开通。")
    assert (found.speaker, found.words) == ("阿尔巴总统", "热线已经开通")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("chinese", "阿尔巴总统没有说热线已经关闭。"),
        ("chinese", "阿尔巴总统从未表示，热线已经关闭。"),
        ("russian", "Президент Альбы не сказала, что линия закрыта."),
        ("arabic", "ما قال رئيس ألبا إن الخط مغلق."),
    ],
)
def test_what_was_not_said_is_no_statement(language: str, sentence: str) -> None:
    assert read(language, sentence) == ()


def test_whose_words_were_denied_is_not_the_one_who_denied_them() -> None:
    (found,) = read("russian", "Министр обороны Боры опроверг слова министра иностранных дел Альбы о линии.")
    assert (found.speaker, found.party) == ("Министр обороны Боры", "Bora")


def test_two_who_speak_together_in_chinese_are_joint_and_of_no_one_party() -> None:
    (found,) = read("chinese", "阿尔巴总统和博拉总理发表联合声明说，会谈将继续进行。")
    assert (found.speaker, found.joint, found.party) == ("阿尔巴总统和博拉总理", True, None)


def test_who_would_not_give_a_name_still_said_it() -> None:
    (found,) = read("chinese", "一名不愿透露姓名的博拉官员说，热线已经开通。")
    assert (found.words, found.party) == ("热线已经开通", "Bora")


def test_a_source_named_before_the_verb_is_not_whoever_spoke_before() -> None:
    _, found = read(
        "arabic",
        "وقالت المتحدثة باسم الحكومة في سندرا إن التأجيل تقني.",
        "غير أن مصدراً في وفد بورا قال للوكالة إن بلاده لم تستشر.",
    )
    assert (found.speaker, found.party) == ("مصدراً في وفد بورا", "Bora")


def test_a_verb_inside_a_sentence_is_not_given_to_whoever_spoke_before() -> None:
    found = read("arabic", "وقالت المتحدثة باسم الحكومة في سندرا إن التأجيل تقني.", "وكان هناك من قال إن الجسر مغلق.")
    assert len(found) == 1


def test_seven_days_are_no_date() -> None:
    (found,) = read("korean", "알바 외무부에 따르면, 대통령의 7일 비행 중단 제안은 유효하다.")
    assert found.said is None
