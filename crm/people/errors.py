"""The one way a service says no."""


class Refused(Exception):
    """The rules do not allow it now. The message, in the reader's language, says why and what to do next; `code` is for programs."""

    code = "refused"

    def __init__(self, message="", *, code=None):
        super().__init__(message)
        if code:
            self.code = code


class AlreadyDone(Refused):
    """Somebody else was first: a lost race is told plainly and has no second effect."""

    code = "already_done"
