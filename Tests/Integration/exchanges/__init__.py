"""The catalogue of exchanges with the server, for the tests of other clients than the official one.

`python -m exchanges` records what the official client asks, next to the answers of the wire reference.
"""

from .batch import BATCH
from .callbacks import CALLBACKS
from .dlq import DLQ
from .errors import ERRORS
from .events import EVENTS
from .flow_control import FLOW_CONTROL
from .keys import KEYS
from .messages import MESSAGES
from .publish import PUBLISH
from .queues import ENQUEUE, QUEUES
from .schedules import SCHEDULES
from .url_groups import URL_GROUPS

CATALOGUE = [
    *PUBLISH,
    *ENQUEUE,
    *BATCH,
    *MESSAGES,
    *EVENTS,
    *DLQ,
    *QUEUES,
    *SCHEDULES,
    *URL_GROUPS,
    *FLOW_CONTROL,
    *KEYS,
    *ERRORS,
    *CALLBACKS,
]
