from allauth.account.adapter import DefaultAccountAdapter


class ClosedDoor(DefaultAccountAdapter):
    """People are placed by an administrator; nobody signs themselves up."""

    def is_open_for_signup(self, request):
        return False
