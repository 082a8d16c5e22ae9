"""The ways an account leaves that are told apart; `labels` says what each is. Their order is that of a label's number."""

OUTCOMES = ("switched", "closed", "reduced", "self_supply", "declined")
