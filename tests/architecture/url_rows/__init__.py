"""Who may open the pages of the upper apps.

Each module holds `ROWS` (route → Access, as in `url_access`) and `things(world)`, which makes what the
parameters of those rows refer to; it runs only for a row that has parameters.
"""
