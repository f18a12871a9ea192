"""What an exhibitor types about itself and its products."""

from typing import Any

from flask_wtf.file import FileAllowed, FileField, FileRequired

from fairapp.core.text.i18n import _l
from fairapp.core.web.forms import Choice, Form, TextArea, TextField
from fairapp.exhibitors.forms import ArgumentsForm, record_choices, uuid_or_none
from fairapp.exhibitors.models import Product
from fairapp.fairs.models import Fair
from fairapp.fairs.venue import queries as venue


class ProfileForm(ArgumentsForm):
    """What the public reads about an exhibitor."""

    profile_zh = TextArea(_l("Profile in Chinese"), required=False, max_length=2000)
    profile_en = TextArea(_l("Profile in English"), required=False, max_length=2000)
    website = TextField(_l("Website"), required=False)
    contact_name = TextField(_l("Contact person"), max_length=100)
    contact_phone = TextField(_l("Phone"), required=False, max_length=40)


class LogoForm(Form):
    """A picture to be the logo."""

    logo = FileField(
        _l("Logo"),
        [
            FileRequired(_l("Choose a picture.")),
            FileAllowed(["png", "jpg", "jpeg", "webp", "gif"], _l("Choose a picture.")),
        ],
        description=_l("PNG, JPEG, WebP or GIF, at most 5 MB"),
    )


class ProductForm(Form):
    """A product that an exhibitor shows."""

    name_zh = TextField(_l("Name in Chinese"), required=False)
    name_en = TextField(_l("Name in English"), required=False)
    category = Choice(_l("Product category"), required=False)
    hs_code = TextField(_l("HS code"), required=False, max_length=12, description=_l("2 to 6 digits, if you know it"))
    description = TextArea(_l("Description"), required=False, max_length=1000)

    def __init__(self, fair: Fair, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.category.choices = record_choices(venue.product_categories(fair))

    @staticmethod
    def form_data(product: Product) -> dict[str, Any]:
        """Return the fields as the product has them."""
        names = ("name_zh", "name_en", "hs_code", "description")
        return {name: getattr(product, name) for name in names} | {"category": str(product.category_id or "")}

    def details(self) -> dict[str, Any]:
        """Return the product's columns."""
        plain = {name: self._fields[name].data or "" for name in ("name_zh", "name_en", "hs_code", "description")}
        return plain | {"category_id": uuid_or_none(self.category.data)}
