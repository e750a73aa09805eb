"""Metrics for Prometheus: how much comes in, how long it takes, and what goes wrong; nothing of anybody."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

RECEIVED = Counter("yanglao_updates", "Updates that were dealt with", ["kind"])
TURN = Histogram("yanglao_turn_seconds", "From an update to its kept answer", buckets=(.002, .005, .01, .02, .05, .1, .5, 1, 5))
SENT = Counter("yanglao_calls", "Calls of the Bot API", ["method", "outcome"])
AWAY = Counter("yanglao_database_away", "Updates that found no database")
