from accounts.models.allowance import Allowance, TooFast
from accounts.models.departure import Departure
from accounts.models.export import Export
from accounts.models.mail import Mail
from accounts.models.name_history import NameHistory
from accounts.models.rules import Clause, Rulebook, RulesAcceptance
from accounts.models.sighting import Sighting
from accounts.models.user import User

__all__ = [
    "Allowance",
    "Clause",
    "Departure",
    "Export",
    "Mail",
    "NameHistory",
    "Rulebook",
    "RulesAcceptance",
    "Sighting",
    "TooFast",
    "User",
]
