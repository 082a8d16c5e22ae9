"""Rights of API routes, by the same role permissions as the pages."""

from rest_framework.permissions import BasePermission


def needs(permission: str) -> type[BasePermission]:
    """A permission class: the role must hold `permission` (a name in `crm.people.roles`)."""

    class Needs(BasePermission):
        def has_permission(self, request, view):
            return request.user.has_perm(permission)

    Needs.__name__ = Needs.__qualname__ = f"Needs_{permission.replace('.', '_')}"
    return Needs


def check(user, permission: str):
    """Raise 403 unless the role holds `permission`."""
    from rest_framework.exceptions import PermissionDenied

    if not user.has_perm(permission):
        raise PermissionDenied
