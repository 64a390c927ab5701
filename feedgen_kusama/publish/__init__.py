"""Publishing: a folder of feeds to a target, of which only what differs is uploaded.

`prepare` reads what is published here and `manifest` what was published there; `plan` decides, purely; `publication`
carries the plan out on a `target`, of which `folder` and `bucket` are the kinds.
"""
