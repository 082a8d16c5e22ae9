"""Rights of pages and of API routes, by the same role permissions."""

from django.contrib.auth.decorators import permission_required
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission


def may(permission: str):
    """Decorates a page: 403 unless the role holds `permission`."""
    return permission_required(permission, raise_exception=True)


def needs(permission: str, *, write: str | None = None) -> type[BasePermission]:
    """A permission class: the role must hold `permission` (a name in `crm.people.roles`), to change anything `write` where it is given."""
    changing = write or permission

    class Needs(BasePermission):
        def has_permission(self, request, view):
            return request.user.has_perm(permission if request.method in SAFE_METHODS else changing)

    Needs.__name__ = Needs.__qualname__ = f"Needs_{permission.replace('.', '_')}"
    return Needs


def check(user, permission: str):
    """Raise 403 unless the role holds `permission`."""
    if not user.has_perm(permission):
        raise PermissionDenied
