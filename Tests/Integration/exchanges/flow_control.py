"""Flow control."""

from qstash.flow_control_api import FlowControlInfo, GlobalParallelismInfo

from .recorder import acts, answers, asks, composed, does, recorded

FLOW = {
    "flowControlKey": "tenant-7",
    "waitListSize": 5,
    "parallelismMax": 10,
    "parallelismCount": 3,
    "rateMax": 100,
    "rateCount": 42,
    "ratePeriod": 60,
    "ratePeriodStart": 1760000000,
    "isPaused": False,
    "isPinnedParallelism": True,
    "isPinnedRate": False,
}
GET_FLOW = does("flow_control.get", "tenant-7")
FLOW_CONTROL = [
    composed(
        "flow-control-list",
        "18",
        asks("GET", "/v2/flowControl", [("search", "tenant")]),
        answers([FLOW, {**FLOW, "flowControlKey": "tenant-8", "isPaused": True}]),
        "No official client has this call; without `search` it lists every key.",
    ),
    recorded("flow-control-get", "18", GET_FLOW, FlowControlInfo, answers(FLOW)),
    recorded(
        "flow-control-get-sparse",
        "18",
        GET_FLOW,
        FlowControlInfo,
        answers({"flowControlKey": "tenant-7", "parallelismMax": 2}),
        "What is missing is 0 or false.",
    ),
    recorded(
        "flow-control-global-parallelism",
        "18",
        does("flow_control.get_global_parallelism"),
        GlobalParallelismInfo,
        answers({"parallelismMax": 500, "parallelismCount": 42}),
    ),
    acts("flow-control-pause", "18", "flow_control.pause", "tenant-7"),
    acts("flow-control-resume", "18", "flow_control.resume", "tenant-7"),
    acts(
        "flow-control-pin",
        "18",
        "flow_control.pin",
        "tenant-7",
        {"parallelism": 5, "rate": 10, "period": 60},
    ),
    acts("flow-control-unpin", "18", "flow_control.unpin", "tenant-7", {"parallelism": True, "rate": True}),
    acts("flow-control-reset-rate", "18", "flow_control.reset_rate", "tenant-7"),
]
