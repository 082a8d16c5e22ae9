"""What we promise in numbers. `python -m bench` measures it on servers of its own, prints one table and writes bench/results.json.

A measure is a function that takes the `World` and yields `Figure`s; list it in `bench/__main__.py`.
"""
