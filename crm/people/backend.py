"""One backend: allauth checks the password, the role answers for permissions, without a query."""

from allauth.account.auth_backends import AuthenticationBackend

from crm.people.models import User
from crm.people.roles import PERMISSIONS


class RoleBackend(AuthenticationBackend):
    def get_user(self, user_id):
        """With the unit, which the frame of every page names."""
        user = User.objects.select_related("unit").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

    def has_perm(self, user_obj, perm, obj=None):
        return obj is None and user_obj.is_active and perm in PERMISSIONS.get(user_obj.role, ())

    def get_all_permissions(self, user_obj, obj=None):
        return set(PERMISSIONS.get(user_obj.role, ())) if obj is None and user_obj.is_active else set()

    def has_module_perms(self, user_obj, app_label):
        return any(perm.startswith(f"{app_label}.") for perm in self.get_all_permissions(user_obj))
