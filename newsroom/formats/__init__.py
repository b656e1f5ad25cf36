"""How dates and numbers are written in each language of the paper.

The names are Django's. The clock has 24 hours and figures are Western everywhere, as on the web
pages of Arabic newspapers too; `static/js/ages.js` writes the same with the reader's own time zone.
"""
