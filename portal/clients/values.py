"""Typed values: what a client may write under an indicator, how it is kept, and what of it is shown. Pure."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum

from portal.clients.indicators import FOR_EVER, Held, Indicator, months_after
from portal.clients.rules import masked_account, masked_name, masked_phone

LONGEST = 120
PROVINCES = (
    "北京市 天津市 上海市 重庆市 河北省 山西省 辽宁省 吉林省 黑龙江省 江苏省 浙江省 安徽省 福建省 江西省 山东省 "
    "河南省 湖北省 湖南省 广东省 海南省 四川省 贵州省 云南省 陕西省 甘肃省 青海省 台湾省 内蒙古自治区 "
    "广西壮族自治区 西藏自治区 宁夏回族自治区 新疆维吾尔自治区 香港特别行政区 澳门特别行政区"
).split()
ANY_PROVINCE = re.compile(r"^.{2,6}?(?:省|自治区|特别行政区|市)")
CITY = re.compile(r"^(.{2,8}?(?:自治州|地区|盟|市))")
MOBILE = re.compile(r"1[3-9]\d{9}")
TELEPHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}")
EMAIL = re.compile(r"[\w.+%-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}", re.A | re.I)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"


class Fault(StrEnum):
    """Why a typed value will not do."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    NOT_TEXT = "not_text"
    NO_OPTION = "no_option"
    CONTRADICTORY = "contradictory"
    NO_PHONE = "no_phone"
    NO_MOBILE = "no_mobile"
    NO_EMAIL = "no_email"
    NO_POSTCODE = "no_postcode"
    NO_DATE = "no_date"
    NO_PROVINCE = "no_province"
    ID_LENGTH = "id_length"
    ID_CHECK = "id_check"
    STUDENT_AGE = "student_age"
    RETIRED_AGE = "retired_age"
    AT_COUNTER = "at_counter"


def read(indicator: Indicator, typed: str) -> str | Fault:
    """Bring a typed value to the form in which it is kept, or say why it will not do."""
    text = unicodedata.normalize("NFKC", typed).strip()
    if not text:
        return Fault.EMPTY
    if len(text) > LONGEST:
        return Fault.TOO_LONG
    if any(unicodedata.category(each) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp", "So"} for each in text):
        return Fault.NOT_TEXT  # rare characters are letters; emoji and control characters are no part of a name
    return READERS.get(indicator.key, READERS.get(indicator.kind, _text))(indicator, text)


def _text(_: Indicator, text: str) -> str | Fault:
    return " ".join(text.split())


def _option(indicator: Indicator, text: str) -> str | Fault:
    return text if text in indicator.options else Fault.NO_OPTION


def _options(indicator: Indicator, text: str) -> str | Fault:
    chosen = set(text.split(","))
    if not chosen <= set(indicator.options):
        return Fault.NO_OPTION
    if "none" in chosen and len(chosen) > 1:
        return Fault.CONTRADICTORY
    return ",".join(each for each in indicator.options if each in chosen)


def _yes_or_no(_: Indicator, text: str) -> str | Fault:
    return text if text in {"0", "1"} else Fault.NO_OPTION


def _phone(_: Indicator, text: str) -> str | Fault:
    bare = re.sub(r"^\+?86(?=1)|[ ()]", "", text)
    return bare if TELEPHONE.fullmatch(bare) else Fault.NO_PHONE


def _mobile(_: Indicator, text: str) -> str | Fault:
    bare = re.sub(r"^\+?86(?=1)|[ -]", "", text)
    return bare if MOBILE.fullmatch(bare) else Fault.NO_MOBILE


def _email(_: Indicator, text: str) -> str | Fault:
    return text if EMAIL.fullmatch(text) and ".." not in text else Fault.NO_EMAIL


def _postcode(_: Indicator, text: str) -> str | Fault:
    return text if re.fullmatch(r"\d{6}", text, re.A) else Fault.NO_POSTCODE


def _address(_: Indicator, text: str) -> str | Fault:
    plain = " ".join(text.split())
    return plain if province(plain) and len(plain) > len(province(plain) or "") + 3 else Fault.NO_PROVINCE


def _date(_: Indicator, text: str) -> str | Fault:
    if text in {"长期", "9999-12-31"}:
        return f"{FOR_EVER:%Y%m%d}"
    bare = re.sub(r"[-/.年月]", "", text.rstrip("日"))
    try:
        day = date.fromisoformat(bare) if re.fullmatch(r"\d{8}", bare, re.A) else None
    except ValueError:
        day = None
    return f"{day:%Y%m%d}" if day and date(1900, 1, 1) <= day else Fault.NO_DATE


def _id_number(_: Indicator, text: str) -> str | Fault:
    bare = text.replace(" ", "").upper()
    if not re.fullmatch(r"\d{17}[\dX]", bare, re.A):
        # Passports and permits are shorter; whatever has a resident card's length must be one.
        return Fault.ID_LENGTH if not re.fullmatch(r"[A-Z0-9]{6,15}", bare, re.A) else bare
    return bare if check_digit(bare) == bare[-1] and _date(_, bare[6:14]) == bare[6:14] else Fault.ID_CHECK


def check_digit(number: str) -> str:
    """Give the last character that a resident identity number must have (GB 11643: ISO 7064, MOD 11-2)."""
    return CHECKS[sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False)) % 11]


Reader = Callable[[Indicator, str], str | Fault]
READERS: Mapping[str, Reader] = {
    "enum": _option,
    "multi_enum": _options,
    "bool": _yes_or_no,
    "phone": _phone,
    "email": _email,
    "address": _address,
    "date": _date,
    "mobile": _mobile,
    "postcode": _postcode,
    "id_number": _id_number,
    "id_address": _address,
}


def cross_fault(key: str, value: str, held: Mapping[str, Held], today: date, born_on: date | None) -> Fault | None:
    """Say why a value doesn't go with the others, or None: work against age, and what only the counter takes."""
    if key == "tax_residency" and value != "china_only":
        return Fault.AT_COUNTER
    if key == "integrity_record" and value != "none":
        return Fault.AT_COUNTER
    if key == "occupation" and born_on:
        if value == "student" and months_after(born_on, 45 * 12) <= today:
            return Fault.STUDENT_AGE
        if value == "retired" and months_after(born_on, 40 * 12) > today:
            return Fault.RETIRED_AGE
    return None


def needs_review(indicator: Indicator, value: str, held: Mapping[str, Held]) -> bool:
    """Tell whether staff must look first: a home address only when its province changes."""
    if indicator.key == "address_home" and "address_home" in held:
        return province(value) != province(held["address_home"].value)
    return True


def province(address: str) -> str | None:
    """Give the province in whose name an address begins."""
    return next((each for each in PROVINCES if address.startswith(each)), None)


def masked(indicator: Indicator, value: str) -> str:
    """Give what of a value is shown; nothing more ever leaves the server without a reason."""
    return MASKS[indicator.mask](value) if indicator.mask else value


def _masked_id(number: str) -> str:
    return f"{number[0]}{'*' * (len(number) - 2)}{number[-1]}" if len(number) > 2 else "****"


def _masked_email(address: str) -> str:
    name, _, host = address.rpartition("@")
    return f"{name[:1]}***@{host}"


def _masked_address(address: str) -> str:
    found = ANY_PROVINCE.match(address)
    first = found[0] if found else ""
    city = CITY.match(address[len(first) :]) if first and not first.endswith("市") else None
    return f"{first}{city[1] if city else ''}****"


def _masked_middle(text: str) -> str:
    if len(text) < 4:
        return "****"
    ends = len(text) // 4
    return f"{text[:ends]}{'*' * (len(text) - 2 * ends)}{text[-ends:]}"


def _masked_year(day: str) -> str:
    return f"{day[:4]}-**-**"


def _masked_card(number: str) -> str:
    return f"**** **** **** {number[-4:]}" if len(number) > 4 else "****"


MASKS: Mapping[str, Callable[[str], str]] = {
    "phone": masked_phone,
    "id_number": _masked_id,
    "name": masked_name,
    "bank_card": _masked_card,
    "email": _masked_email,
    "address": _masked_address,
    "mid": _masked_middle,
    "tail4": masked_account,
    "year_only": _masked_year,
    "hidden": lambda _: "",
}
