"""The rules as a table: how a publication is to be served."""

from __future__ import annotations

from feedgen_kusama.doctor import contents, headers, transport
from feedgen_kusama.doctor.findings import Rule

RULES = (
    Rule("answer", "error", transport.no_answer),
    Rule("dead-link", "error", transport.dead_link),
    Rule("redirect-loop", "error", transport.redirect_loop),
    Rule("redirect-chain", "warning", transport.redirect_chain),
    Rule("downgrade", "error", transport.downgrade),
    Rule("private", "error", transport.private_address),
    Rule("certificate", "error", transport.bad_certificate),
    Rule("renewal", "warning", transport.ending_certificate),
    Rule("encryption", "warning", transport.unencrypted),
    Rule("slow", "warning", transport.slow_answer),
    Rule("unread", "warning", transport.unread),
    Rule("media-type", "error", headers.wrong_media),
    Rule("charset", "error", headers.wrong_charset),
    Rule("cors", "error", headers.missing_cors),
    Rule("validator", "warning", headers.missing_validator),
    Rule("not-modified", "warning", headers.ignored_condition),
    Rule("compression", "warning", headers.missing_compression),
    Rule("gzip", "error", headers.wrong_compression),
    Rule("head", "warning", headers.different_head),
    Rule("barred", "error", contents.barred_reader),
    Rule("robots", "warning", contents.barred_robot),
    Rule("discovery", "warning", contents.poor_discovery),
    Rule("stale", "warning", contents.stale),
    Rule("hub", "warning", contents.poor_hub),
)
