"""Units, copied by hand from the books of each language: a swapped unit is the costliest slip of all."""

import pytest

from openline.catalogue.rendering.contract import shipped_contract
from openline.catalogue.rendering.languages import words

# m, km, NM, ft, m/s, km/h, kt, s, min, h, d; then Bq, GBq, TBq, PBq, nSv/h, µSv/h, mSv/h, Sv/h
BY_HAND = {
    "en": "m|km|NM|ft|m/s|km/h|kt|s|min|h|d|Bq|GBq|TBq|PBq|nSv/h|µSv/h|mSv/h|Sv/h",
    "ko": "m|km|해리|피트|m/s|km/h|노트|초|분|시간|일|Bq|GBq|TBq|PBq|nSv/h|µSv/h|mSv/h|Sv/h",
    "ar": "متر|كم|ميل بحري|قدم|م/ث|كم/س|عقدة|ثانية|دقيقة|ساعة|يوم|بيكريل|غيغابيكريل|تيرابيكريل|بيتابيكريل|"
    "نانوسيفرت/س|ميكروسيفرت/س|ملّيسيفرت/س|سيفرت/س",
    "fr": "m|km|M (milles marins)|ft (pieds)|m/s|km/h|nd (nœuds)|s|min|h|j|Bq|GBq|TBq|PBq|nSv/h|µSv/h|mSv/h|Sv/h",
    "es": "m|km|millas náuticas|ft (pies)|m/s|km/h|kt (nudos)|s|min|h|d (días)|Bq|GBq|TBq|PBq|nSv/h|µSv/h|mSv/h|Sv/h",
    "ru": "м|км|морских миль|футов|м/с|км/ч|уз|с|мин|ч|сут|Бк|ГБк|ТБк|ПБк|нЗв/ч|мкЗв/ч|мЗв/ч|Зв/ч",
    "zh": "米|公里|海里|英尺|米/秒|公里/小时|节|秒|分钟|小时|天|贝可|吉贝可|太贝可|拍贝可|"
    "纳希沃特/小时|微希沃特/小时|毫希沃特/小时|希沃特/小时",
    "ja": "m|km|海里|フィート|m/s|km/h|ノット|秒|分|時間|日|Bq|GBq|TBq|PBq|nSv/h|µSv/h|mSv/h|Sv/h",
}


@pytest.mark.parametrize("tag", BY_HAND)
def test_each_unit_is_the_one_copied_by_hand(tag: str) -> None:
    said = words(tag)
    assert [said.say(phrase) for phrase in shipped_contract().units] == BY_HAND[tag].split("|")
