"""The lake: PostgreSQL mirrored as Parquet, one file per table and month, for the engine to read.

`<table>/year=YYYY/part.parquet` for closed years and `<table>/period=YYYY-MM/part.parquet` for the months of the newest, of bills, payments,
tickets and engagement; `accounts/part.parquet` and `entitlements/part.parquet`
whole; `features/run=<id>/part.parquet` and `scores/run=<id>/part.parquet` written by runs. Sorted by account. Columns are the contract in
`segmentation.engine.tables`. Losing the lake loses nothing but old runs' scores: the next sync writes what is missing.
"""
