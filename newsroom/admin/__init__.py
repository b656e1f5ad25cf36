"""The newsroom's own desk. Each room here is a table that editors work at."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from newsroom.admin import articles, corrections, front, photos, sections, subscribers

__all__ = ["articles", "corrections", "front", "photos", "sections", "subscribers"]

# One door, with one set of limits.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = settings.SITE_NAME
admin.site.enable_nav_sidebar = False
admin.site.index_title = _("Newsroom")
