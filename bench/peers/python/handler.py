"""Answers each event with the event."""


def handler(event, context):
    return event
