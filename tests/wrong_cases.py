"""What servers of a publication do wrong, one thing each."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from tests.wrong_servers import Answered, Asked, Change, Files, Serve, small_site, sound

RSS = "/governance/rss.xml"
PAGE = "/editions/2024-11.html"
FEED_LINKS = r'<link rel="alternate"[^>]*>\n'
INSIDE = '<link rel="alternate" type="application/rss+xml" href="http://192.168.1.1/rss.xml">\n'
GOVERNANCE_FIRST = '<link rel="alternate" type="application/atom+xml" href="governance/atom.xml">\n'


class Case(NamedTuple):
    """The rule that finds it, what its message says, how the server answers, and with which files."""

    rule: str
    words: str
    change: Change = sound
    files: Files | None = None


def at(path: str, change: Callable[[Answered], Answered]) -> Change:
    """Wrong at one path alone."""
    return lambda asked, serve: change(serve(asked)) if asked.path == path else serve(asked)


def instead(path: str, status: int, body: bytes = b"", media: str = "text/plain") -> Change:
    return at(path, lambda _: Answered(status, {"Content-Type": media}, body))


def headed(path: str, **headers: str | None) -> Change:
    return at(path, lambda answered: answered.having(**headers))


def packed(path: str, pack: Callable[[bytes], bytes]) -> Change:
    """A compressed body is changed, another is not."""
    return at(path, lambda found: replace(found, body=pack(found.body)) if "Content-Encoding" in found.headers else found)


def when(condition: Callable[[Asked], bool], change: Callable[[Answered], Answered]) -> Change:
    return lambda asked, serve: change(serve(asked)) if condition(asked) else serve(asked)


def asked_as(change: Callable[[Asked], Asked]) -> Change:
    """Answers as if it were asked for something else."""
    return lambda asked, serve: serve(change(asked))


def redirecting(places: dict[str, str]) -> Change:
    """Sends on from these paths; what stands behind a question mark is passed over."""

    def change(asked: Asked, serve: Serve) -> Answered:
        if asked.path in places:
            return Answered(302, {"Location": places[asked.path]})
        return serve(replace(asked, path=asked.path.partition("?")[0]))

    return change


def edited(path: str, old: str, new: str) -> Files:
    """The publication with other words in one file, wherever they stand there."""
    files = dict(small_site())
    text = re.sub(old, new, files[path].decode(), flags=re.DOTALL)
    assert text.encode() != files[path]
    return files | {path: text.encode()}


def renamed_hub(address: str) -> Files:
    """The uppermost feeds with a hub."""
    files = dict(small_site())
    link = f'<link href="{address}" rel="hub"/>'.encode()
    return files | {"atom.xml": files["atom.xml"].replace(b"<generator>", link + b"<generator>", 1)}


def wants_plain(asked: Asked) -> bool:
    return asked.path == "/rss.xml" and asked.headers.get("accept-encoding") == "identity"


def is_head(asked: Asked) -> bool:
    return asked.method == "HEAD"


def is_feedly(asked: Asked) -> bool:
    return "Feedly" in asked.headers["user-agent"]


EVERYONE = b"User-agent: *\nDisallow: /\n"
ONE = b"User-agent: Feedly\nDisallow: /\n"
CASES = {
    "refused": Case("answer", "answered 503", instead(RSS, 503)),
    "cut short": Case("answer", "bytes early", headed(RSS, content_length="99999")),
    "no chunks": Case(
        "answer",
        "cannot be fetched",
        at(RSS, lambda found: replace(found, body=b"none\r\n").having(transfer_encoding="chunked")),
    ),
    "redirect to a file": Case("answer", "file is not http", redirecting({RSS: "file:///etc/passwd"})),
    "redirect to no address": Case("answer", "what is no address", redirecting({RSS: "http://["})),
    "redirect to no name": Case("answer", "no host of this name", redirecting({RSS: "http://a..b/"})),
    "dead permanent link": Case("dead-link", "answers 404", instead(PAGE, 404)),
    "loop": Case("redirect-loop", "without end", redirecting({RSS: RSS})),
    "loop of two": Case("redirect-loop", "without end", redirecting({RSS: "/x", "/x": RSS})),
    "endless": Case("redirect-loop", "without end", redirecting({RSS: "/0"} | {f"/{n}": f"/{n + 1}" for n in range(20)})),
    "chain": Case("redirect-chain", "3 redirects", redirecting({RSS: "/x", "/x": "/y", "/y": f"{RSS}?z"})),
    "redirect inside": Case("private", "leads to http://10.0.0.1/", redirecting({RSS: "http://10.0.0.1/"})),
    "redirect to this machine": Case("private", "http://localhost:1/", redirecting({RSS: "http://localhost:1/"})),
    "redirect to a neighbour": Case("private", "fe80::1", redirecting({RSS: "http://[fe80::1]/"})),
    "redirect to a wrapped address": Case("private", "::ffff", redirecting({RSS: "http://[::ffff:10.0.0.1]/"})),
    "announced inside": Case("private", "is announced", files=edited("index.html", "</head>", f"{INSIDE}</head>")),
    "feed as page": Case("media-type", "served as text/html", headed(RSS, content_type="text/html")),
    "feed as nothing": Case("media-type", "served as nothing", headed(RSS, content_type=None)),
    "script as text": Case("media-type", "text/javascript", headed("/embed.js", content_type="text/plain")),
    "page as text": Case("media-type", "text/html", headed(PAGE, content_type="text/plain")),
    "charset": Case("charset", "iso-8859-1", headed("/", content_type="text/html; charset=ISO-8859-1")),
    "embedded nowhere": Case("cors", "does not allow", headed("/feed.json", access_control_allow_origin=None)),
    "embedded there": Case(
        "cors", "https://a.example alone", headed("/embed.js", access_control_allow_origin="https://a.example")
    ),
    "no state": Case("validator", "neither ETag", headed(RSS, etag=None, last_modified=None)),
    "no 304": Case("not-modified", "not with 304", asked_as(lambda asked: asked.without("if-none-match", "if-modified-since"))),
    "uncompressed": Case("compression", "uncompressed", asked_as(lambda asked: asked.without("accept-encoding"))),
    "gzip cut short": Case("gzip", "ends early", packed(RSS, lambda body: body[:-9])),
    "no gzip": Case("gzip", "but is not", packed(RSS, lambda _: b"<rss/>")),
    "another coding": Case("gzip", "coded as br", headed(RSS, content_encoding="br")),
    "gzip unasked": Case("gzip", "sent as gzip", asked_as(lambda asked: asked.wanting(accept_encoding="gzip"))),
    "another when plain": Case("gzip", "another document", when(wants_plain, lambda found: replace(found, body=b"old"))),
    "no HEAD": Case("head", "answered with 405", when(is_head, lambda _: Answered(405))),
    "another HEAD": Case(
        "head",
        "differ in Content-Type, ETag",
        when(is_head, lambda found: found.having(content_type="text/plain", etag='"x"')),
    ),
    "another length": Case("head", "differ in Content-Length", when(is_head, lambda found: found.having(content_length="7"))),
    "barred": Case("barred", "Feedly/1.0 is answered with 403", when(is_feedly, lambda _: Answered(403))),
    "robots": Case("robots", "keeps out everyone", instead("/robots.txt", 200, EVERYONE)),
    "one robot": Case("robots", "keeps out Feedly/1.0", instead("/robots.txt", 200, ONE)),
    "nothing announced": Case("discovery", "announces no feed", files=edited("index.html", FEED_LINKS, "")),
    "page without words": Case("discovery", "announces no feed", instead("/", 200, media="text/html")),
    "announced nowhere": Case("discovery", "announces no feed", files=edited("index.html", 'href="[^"]*"', 'href="http://["')),
    "another first": Case("discovery", "before its own", files=edited("index.html", f"({FEED_LINKS})+", GOVERNANCE_FIRST)),
    "announced as another": Case("discovery", "announced as application/xml", files=edited("index.html", "atom[+]xml", "xml")),
    "announced and gone": Case("discovery", "answers 404", files=edited("index.html", 'href="atom.xml"', 'href="feed.atom"')),
    "unsafe hub": Case("hub", "not https", files=renamed_hub("http://hub.example/")),
    "hub inside": Case("hub", "nobody else can reach", files=renamed_hub("https://10.0.0.1/")),
    "no language": Case("language", "write one like", files=edited("rss.xml", "<language>en</language>", "")),
    "another address": Case(
        "site",
        "say that it is",
        files={p: d.replace(b"kusama-news.example/", b"old.example/") for p, d in small_site().items()},
    ),
}
"""By a name. Exactly that rule finds it."""
