"""The moderation desk, `/admin/desk/`: what waits, what was reported, and the deeds.

queues.py says what is to be done, cards.py lays out one comment with all that bears on it,
deeds.py has the forms and what they do, pages.py answers, people.py is about one person,
figures.py is about the desk itself. Whoever comes in passes door.py.
"""
