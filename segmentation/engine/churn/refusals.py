"""Why nothing can be learned, or scored, from what was given. Each says what and where; pages put it into the reader's words by `code`."""


class CannotLearn(ValueError):
    """`code` and `detail` are what a page explains; the message is for who uses the estimator alone."""

    code = "cannot_learn"

    def __init__(self, message: str, **detail):
        super().__init__(message)
        self.detail = detail


class OneClass(CannotLearn):
    """Nobody left, or everybody did: there is nothing to tell apart."""

    code = "one_class"


class TooFewLeavers(CannotLearn):
    """Fewer left than can be learned from and tested on."""

    code = "too_few_leavers"


class NoColumns(CannotLearn):
    """Every column is constant or missing throughout."""

    code = "no_columns"


class PastTheData(CannotLearn):
    """The horizon of the newest snapshots lies beyond what is known."""

    code = "past_the_data"


class ColumnsDiffer(CannotLearn):
    """A column the model learned from is not there (renamed or left out) or holds something else."""

    code = "columns_differ"
