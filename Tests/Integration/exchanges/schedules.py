"""Schedules."""

from qstash.schedule import Schedule

from .publish import DONE, FAILED, HOOK, OPTIONS
from .recorder import acts, answers, does, recorded

PLANNED = {
    "scheduleId": "scd_1",
    "cron": "*/10 * * * *",
    "destination": HOOK,
    "createdAt": 1760000000000,
    "method": "POST",
    "retries": 3,
}
SCHEDULE = {
    **PLANNED,
    "cron": "CRON_TZ=Europe/Berlin 0 4 * * *",
    "header": {"Content-Type": ["application/json"], "X-Tenant": ["7"]},
    "body": '{"full":true}',
    "delay": 25,
    "timeout": 30,
    "callback": DONE,
    "callbackHeader": {"X-Team": ["ops"]},
    "failureCallback": FAILED,
    "failureCallbackHeader": {"X-Team": ["night"]},
    "callerIP": "203.0.113.9",
    "callerIp": "203.0.113.9",
    "isPaused": False,
    "queueName": "nightly",
    "flowControlKey": "tenant-7",
    "parallelism": 2,
    "period": 1,
    "retryDelayExpression": "5000 * retried",
    "label": "nightly",
    "labels": ["nightly", "eu"],
    "lastScheduleTime": 1760000000000,
    "nextScheduleTime": 1760086400000,
    "lastScheduleStates": {"msg_1": "SUCCESS", "msg_2": "IN_PROGRESS", "msg_3": "FAIL"},
    "error": "the last trigger failed",
}
SCHEDULES = [
    recorded(
        "schedule-create",
        "16",
        does("schedule.create_json", destination=HOOK, cron="*/10 * * * *", body={"full": True}),
        str,
        answers({"scheduleId": "scd_1"}),
    ),
    recorded(
        "schedule-create-every-option",
        "16",
        does(
            "schedule.create",
            destination=HOOK,
            cron="CRON_TZ=Europe/Berlin 0 4 * * *",
            body="full",
            content_type="text/plain",
            schedule_id="nightly",
            delay=25,
            flow_control={"key": "tenant-7", "rate": 10},
            redact={"header": ["Authorization"]},
            **OPTIONS,
        ),
        str,
        answers({"scheduleId": "nightly"}),
    ),
    recorded(
        "schedule-create-queued",
        "16",
        does(
            "schedule.create_json",
            destination="my-group",
            cron="0 4 * * 1-5",
            body={"full": True},
            queue="nightly",
        ),
        str,
        answers({"scheduleId": "scd_2"}),
        "To a URL group, through a queue.",
    ),
    recorded("schedule-get", "16", does("schedule.get", "scd_1"), Schedule, answers(SCHEDULE)),
    recorded(
        "schedule-list",
        "16",
        does("schedule.list"),
        list,
        answers(
            [
                PLANNED,
                {**PLANNED, "scheduleId": "scd_2", "bodyBase64": "/wABgA==", "isPaused": True},
                {**PLANNED, "scheduleId": "scd_3", "callerIp": "203.0.113.9", "lastScheduleStates": {}},
            ]
        ),
        "The first has only what is always there.",
    ),
    acts("schedule-delete", "16", "schedule.delete", "scd_1"),
    acts("schedule-pause", "16", "schedule.pause", "scd_1"),
    acts("schedule-resume", "16", "schedule.resume", "scd_1"),
]
