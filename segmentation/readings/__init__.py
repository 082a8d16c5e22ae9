"""Interval readings: what each account used in every quarter of an hour, in the lake only; PostgreSQL knows which files stand.

`readings/month=YYYY-MM/<number>.parquet`: one row per account, direction and local day with the Wh of its intervals as a list, sorted by
account. Each load writes one file a month with whole days merged with what stood; of two files the one with the higher number is right, and
a month of more than a few files is folded into one. Losing the lake loses nothing: the files that were imported are kept and can be loaded
again. Why lists of whole Wh, and what else was measured: docs/adr/0014-readings-as-lists.md.
"""
