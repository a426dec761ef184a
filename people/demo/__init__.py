"""Invented cadres for trying the product out. Same seed and day, same rows.

Every app adds what it owns in a module named `demo` (see `registry`); the command loads them all.
"""
