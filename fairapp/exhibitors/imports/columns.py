"""Which column of a list means what: guessed from its heading, in Chinese and English, and correctable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fairapp.core.imports.columns import Column, cell_text, guess_mapping
from fairapp.core.text.i18n import _l
from fairapp.exhibitors.models import ExhibitorKind

COLUMNS = (
    Column("name_zh", _l("Name in Chinese"), ("name_zh", "中文名", "中文名称", "公司名称", "企业名称", "单位名称", "展商名称", "参展商", "参展企业", "公司", "企业", "单位", "名称", "公司中文名", "企业中文名称", "chinese name", "name (chinese)", "company name chinese")),
    Column("name_en", _l("Name in English"), ("name_en", "英文名", "英文名称", "公司英文名", "公司英文名称", "企业英文名称", "企业名称英文", "公司名称英文", "展商名称英文", "单位名称英文", "名称英文", "english name", "company name", "company", "exhibitor", "exhibitor name", "name", "organisation", "organization")),
    Column("credit_code", _l("Credit code"), ("credit_code", "统一社会信用代码", "社会信用代码", "信用代码", "uscc", "unified social credit code", "credit code")),
    Column("registration_number", _l("Registration number"), ("registration_number", "注册号", "注册编号", "商业登记号", "registration number", "company number")),
    Column("kind", _l("Kind"), ("kind", "类型", "展商类型", "参展类型", "类别", "type", "exhibitor type")),
    Column("role", _l("Role (exhibits or only hosts)"), ("role", "角色", "身份", "参与角色", "参与身份")),
    Column("halls", _l("Hall"), ("halls", "hall", "展馆", "馆号", "展厅", "所在展馆", "pavilion")),
    Column("booths", _l("Booth numbers"), ("booths", "booth", "展位", "展位号", "展位编号", "摊位号", "摊位", "stand", "stand number", "booth number", "booth no", "booth no.")),
    Column("zone", _l("Zone"), ("zone", "展区", "专区")),
    Column("product_category", _l("Product category"), ("product_category", "category", "产品类别", "展品类别", "商品类别", "品类", "product category")),
    Column("industry", _l("Industry"), ("industry", "行业", "所属行业", "领域", "sector")),
    Column("country", _l("Country or region"), ("country", "国家", "国别", "国家/地区", "国家或地区", "国家地区", "country or region", "country/region")),
    Column("province", _l("Province"), ("province", "省", "省份", "省市", "所在省", "state")),
    Column("city", _l("City"), ("city", "市", "城市", "地市", "所在市")),
    Column("delegation", _l("Delegation"), ("delegation", "交易团", "代表团", "trading group")),
    Column("industrial_belt", _l("Industrial belt"), ("industrial_belt", "产业带", "industrial belt")),
    Column("contact_name", _l("Contact person"), ("contact_name", "contact", "联系人", "联系人姓名", "contact person", "contact name")),
    Column("contact_email", _l("Contact mail"), ("contact_email", "email", "e-mail", "mail", "邮箱", "电子邮箱", "电子邮件", "联系邮箱")),
    Column("contact_phone", _l("Contact phone"), ("contact_phone", "phone", "tel", "telephone", "mobile", "电话", "手机", "手机号", "联系电话", "联系方式")),
    Column("website", _l("Website"), ("website", "web", "url", "网址", "网站", "官网", "homepage")),
    Column("profile_zh", _l("Profile in Chinese"), ("profile_zh", "简介", "公司简介", "企业简介", "中文简介", "介绍")),
    Column("profile_en", _l("Profile in English"), ("profile_en", "英文简介", "profile", "introduction", "company profile", "description")),
)  # fmt: skip


@dataclass(frozen=True)
class ListMapping:
    """How to read a list: the column of each field, the row of headings (from 0), what holds where a cell is empty."""

    columns: Mapping[str, int] = field(default_factory=dict)
    heading_row: int = 0
    kind: str = ExhibitorKind.SUPPLIER
    country: str = "CN"

    def cell(self, row: Sequence[str], name: str) -> str:
        """Return the text of a field in a row; empty when the list has no such column."""
        return cell_text(row, self.columns, name)


def guess_list_mapping(rows: Sequence[Sequence[str]]) -> ListMapping:
    """Return the mapping that the headings suggest."""
    return ListMapping(*guess_mapping(COLUMNS, rows))
