"""Runs the rules for Okta that Panther publishes on the events (a JSON list) of the file named.

Those that it leaves off until they are configured are left off. The answer is JSON: {rule: {uuid: title of the alert}}, with the rules that fired.
"""

import json
import sys
from pathlib import Path

import pypanther.rules.okta
from panther_core.enriched_event import PantherEvent
from pypanther import LogType, get_rules
from pypanther.cache import data_model_cache


def title(rule, event):
    """The title of the alert that the rule raises; None if it raises none."""
    model = data_model_cache().data_model_of_logtype(LogType.OKTA_SYSTEM_LOG)
    result = rule.run(PantherEvent(event, model), {}, {}, batch_mode=False)
    for wrong in (result.detection_exception, result.title_exception, result.alert_context_exception):
        if wrong:
            raise wrong
    return result.title_output if result.detection_output else None


def main():
    events = json.loads(Path(sys.argv[1]).read_text())
    answers = {}
    for rule in get_rules(pypanther.rules.okta):
        if not rule.enabled:
            continue
        alerts = {event["uuid"]: title(rule(), event) for event in events}
        answers[rule.id] = {uuid: alert for uuid, alert in alerts.items() if alert is not None}
    print(json.dumps({rule: alerts for rule, alerts in answers.items() if alerts}))


main()
