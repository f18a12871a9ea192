"""Invented names: no company, person or number of the demo fair exists."""

from dataclasses import dataclass
from functools import cache
from itertools import product
from random import Random

from pypinyin import lazy_pinyin
from stdnum.cn import uscc

_BRAND = (
    "川峰泽林谷帆曜辰朴昊云海星宇恒泰鑫瑞达嘉和顺茂源丰盛华锦誉优迅捷安信诚远卓立景明朗博雅思睿启航致臻铭睦禾沐岚澜屿"
)
_TRADES = (
    ("服饰", "Apparel"),
    ("鞋业", "Footwear"),
    ("家居", "Home"),
    ("电子", "Electronics"),
    ("茶业", "Tea"),
    ("食品", "Foods"),
    ("户外", "Outdoor"),
    ("灯饰", "Lighting"),
    ("玩具", "Toys"),
    ("工艺品", "Crafts"),
    ("机电", "Machinery"),
    ("汽配", "Auto Parts"),
    ("美妆", "Beauty"),
    ("宠物用品", "Pet Supplies"),
    ("医疗器械", "Medical Devices"),
    ("新能源", "New Energy"),
)
_PLACES = (
    ("福州", "Fuzhou", "福建", "350100"),
    ("厦门", "Xiamen", "福建", "350200"),
    ("泉州", "Quanzhou", "福建", "350500"),
    ("莆田", "Putian", "福建", "350300"),
    ("漳州", "Zhangzhou", "福建", "350600"),
    ("宁德", "Ningde", "福建", "350900"),
    ("深圳", "Shenzhen", "广东", "440300"),
    ("广州", "Guangzhou", "广东", "440100"),
    ("东莞", "Dongguan", "广东", "441900"),
    ("义乌", "Yiwu", "浙江", "330782"),
    ("杭州", "Hangzhou", "浙江", "330100"),
    ("宁波", "Ningbo", "浙江", "330200"),
    ("上海", "Shanghai", "上海", "310000"),
    ("苏州", "Suzhou", "江苏", "320500"),
    ("青岛", "Qingdao", "山东", "370200"),
    ("郑州", "Zhengzhou", "河南", "410100"),
    ("成都", "Chengdu", "四川", "510100"),
    ("重庆", "Chongqing", "重庆", "500000"),
)
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰红梅玲建文辉力峰宇浩然思雨欣怡子涵梓轩诗琪晨曦嘉慧佳颖喆堃"
_LATIN: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "PL": (("Łukasz", "Zofia", "Paweł", "Agnieszka"), ("Wójcik", "Żak", "Krawczyk", "Jabłoński")),
    "HU": (("László", "Ágnes", "Győző", "Zsófia"), ("Szűcs", "Fekete", "Győri", "Bíró")),
    "VN": (("Minh", "Hương", "Đức", "Thảo"), ("Nguyễn", "Trần", "Đặng", "Phạm")),
    "RU": (("Иван", "Ольга", "Дмитрий", "Анна"), ("Соколов", "Лебедев", "Морозов", "Волков")),
    "KZ": (("Айдар", "Алия", "Нурлан", "Дана"), ("Омаров", "Сериков", "Касымов", "Ахметов")),
    "AE": (("محمد", "فاطمة", "أحمد", "مريم"), ("الهاشمي", "المنصوري", "الشامسي", "الكعبي")),
    "JP": (("Haruto", "Yui", "Ren", "Sakura"), ("Sato", "Suzuki", "Tanaka", "Watanabe")),
    "KR": (("Minjun", "Seoyeon", "Jiho", "Hayoon"), ("Kim", "Lee", "Park", "Choi")),
    "": (
        ("Anna", "David", "Maria", "James", "Sofia", "Peter", "Elena", "Thomas", "Laura", "Samuel", "Grace", "Daniel"),
        ("Martin", "Silva", "Weber", "Rossi", "Okafor", "Tan", "Rahman", "Santos", "Novak", "Dubois", "Mbeki", "Reyes"),
    ),
}
_FOREIGN_TRADES = ("Trading", "Imports", "Retail Group", "Distribution", "Commerce", "Wholesale", "Sourcing", "Market")
PLATFORM_NAMES = (
    "Haiyun",
    "Yunfan",
    "Silkmart",
    "Lanbridge",
    "Portago",
    "Manxing",
    "Tidebuy",
    "Crossly",
    "Veloshop",
    "Jinqiao",
    "Sunhaul",
    "Orimart",
    "Baolian",
    "Kuajie",
    "Northgate",
    "Lumibuy",
    "Zhenghe",
    "Pandora Lane",
    "Yitong",
    "Freshport",
    "Harborly",
    "Cartwheel",
    "Minjiang",
    "Rongcheng",
    "Blueroute",
    "Amberly",
    "Tongda",
    "Wavecart",
    "Lotusbay",
    "Shunfa",
    "Eastlane",
    "Mercato Uno",
    "Polybuy",
)


@dataclass(frozen=True)
class Company:
    """An invented company; `credit_code` is well formed and belongs to nobody the demo knows of."""

    name_zh: str
    name_en: str
    city: str
    province: str
    credit_code: str
    trade: int


def companies(random: Random) -> "list[Company]":
    """Return about 3,000 companies, no two with one name."""
    brands = ["".join(pair) for pair in product(_BRAND, repeat=2) if pair[0] != pair[1]]
    random.shuffle(brands)
    return [_company(random, brand, number) for number, brand in enumerate(brands)]


def _company(random: Random, brand: str, number: int) -> Company:
    # The host city's own belt sends most: every second company comes from Fujian.
    place = random.choice(_PLACES[:6] if random.random() < 0.5 else _PLACES)
    city_zh, city_en, province, region = place
    trade = random.randrange(len(_TRADES))
    trade_zh, trade_en = _TRADES[trade]
    brand_en = pinyin(brand)
    return Company(
        name_zh=f"{city_zh}{brand}{trade_zh}有限公司",
        name_en=f"{city_en} {brand_en} {trade_en} Co., Ltd.",
        city=city_zh,
        province=province,
        credit_code=credit_code(region, number * 10 + random.randrange(10)),
        trade=trade,
    )


def credit_code(region: str, number: int) -> str:
    """Return a well-formed unified social credit code (GB 32100-2015)."""
    body = f"91{region}MA{number:07d}"
    return body + uscc.calc_check_digit(body)


def person_name(random: Random, country: str) -> tuple[str, str]:
    """Return a name as on the badge, and its Latin form ('' when the name is Latin itself)."""
    if country in {"CN", "HK", "MO", "TW", "SG"}:
        surname, given_name = random.choice(_SURNAMES), "".join(random.sample(_GIVEN, random.choice((1, 2, 2))))
        latin = f"{pinyin(surname)} {pinyin(given_name)}"
        return surname + given_name, latin
    given_names, surnames = _LATIN.get(country, _LATIN[""])
    if country == "VN":
        return f"{random.choice(surnames)} {random.choice(given_names)}", ""
    return f"{random.choice(given_names)} {random.choice(surnames)}", ""


@cache
def pinyin(word: str) -> str:
    """Return a part of a name in pinyin; a few thousand parts make all names."""
    return "".join(lazy_pinyin(word)).capitalize()


def foreign_buyer(random: Random, country: str) -> str:
    """Return the name of an importer abroad."""
    return (
        f"{random.choice(_LATIN[''][1])} & {random.choice(_LATIN[''][1])} {random.choice(_FOREIGN_TRADES)} ({country})"
    )


def domestic_buyer(random: Random) -> str:
    """Return the name of a buyer in China."""
    city = random.choice(_PLACES)[0]
    return f"{city}{''.join(random.sample(_BRAND, 2))}商贸有限公司"
