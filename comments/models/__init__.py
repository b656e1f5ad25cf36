from comments.models.appeal import Appeal
from comments.models.check_setting import CheckSetting
from comments.models.comment import Comment, Revision
from comments.models.decision import Decision
from comments.models.desk import Claim, Note, Opinion, SavedReason
from comments.models.discussion import Discussion
from comments.models.draft import Draft
from comments.models.feed_key import FeedKey
from comments.models.follow import Follow
from comments.models.last_read import LastRead
from comments.models.likeness import Likeness
from comments.models.mention import Mention
from comments.models.mute import Mute
from comments.models.notice import Notice
from comments.models.notification import Notification, NotificationChoice
from comments.models.place import Place
from comments.models.recommendation import Recommendation
from comments.models.rejudgement import Rejudgement
from comments.models.report import Report
from comments.models.sanction import Sanction
from comments.models.statement import StatementOfReasons

__all__ = [
    "Appeal",
    "CheckSetting",
    "Claim",
    "Comment",
    "Decision",
    "Discussion",
    "Draft",
    "FeedKey",
    "Follow",
    "LastRead",
    "Likeness",
    "Mention",
    "Mute",
    "Note",
    "Notice",
    "Notification",
    "NotificationChoice",
    "Opinion",
    "Place",
    "Recommendation",
    "Rejudgement",
    "Report",
    "Revision",
    "Sanction",
    "SavedReason",
    "StatementOfReasons",
]
