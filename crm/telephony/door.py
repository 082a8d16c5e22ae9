"""The door for telephone systems: a signed request, told plainly why it is turned away, before anything is stored."""

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

from crm.telephony.models import Integration
from crm.webhooks import signing

KEY, ID, TIME, SEAL = "X-Integration", "webhook-id", "webhook-timestamp", "webhook-signature"
LONGEST_BODY = 64 * 1024


class Caller:
    """Who stands behind a signed request: a machine, with no rights of a person."""

    is_authenticated = True
    is_active = True
    pk = None

    def has_perm(self, permission, obj=None):
        return False


class SignedRequest(BaseAuthentication):
    """`X-Integration: <code>` and the three headers of Standard Webhooks; 401 with the reason for everything else."""

    def authenticate(self, request):
        code = request.headers.get(KEY, "")
        if not code:
            raise AuthenticationFailed("Send X-Integration: the code of the telephone system, as an administrator made it.")
        if int(request.headers.get("Content-Length") or 0) > LONGEST_BODY:
            raise AuthenticationFailed("The body is longer than 64 KB: nothing about a call is.")
        integration = Integration.objects.filter(code=code[:40], is_active=True).first()
        now = timezone.now()
        # An unknown code is weighed like a known one, so that the time it takes tells nothing.
        secrets = integration.secrets(now) if integration else [signing.secret_of("nobody", code)]
        headers = request.headers
        try:
            signing.check(
                secrets, message_id=headers.get(ID, ""), timestamp=headers.get(TIME, ""), signature=headers.get(SEAL, ""),
                body=request._request.body, at=now,
            )  # fmt: skip
        except signing.Unsigned as error:
            raise AuthenticationFailed(str(error)) from error
        if integration is None:
            raise AuthenticationFailed("No telephone system of this code may tell of calls.")
        return Caller(), integration

    def authenticate_header(self, request):
        return "Signature"
