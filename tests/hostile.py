"""Strings that try to run x(), or to become more than the words of whoever wrote them.

Each list is one way to be hostile: tags, what starts a script in them, schemes, encodings,
control signs, quotes, and the Markdown around it all. The generators multiply them.
"""

from collections.abc import Iterator
from itertools import chain, product

TAGS = """script style iframe object embed svg math form input button textarea select template
    noscript base meta link img video audio source details dialog marquee title xmp plaintext
    a p blockquote table b frameset body html portal slot custom-tag""".split()
HANDLERS = ["onerror", "onload", "ONCLICK", "onfocus autofocus", "onpointerenter", "ontoggle"]
OTHER_ATTRIBUTES = [
    'style="position:fixed;inset:0"',
    'id="deeds"',
    'class="composer"',
    'name="csrfmiddlewaretoken"',
    'srcdoc="<script>x()</script>"',
    'formaction="javascript:x()"',
    'xlink:href="javascript:x()"',
    'target="_blank" rel="opener"',
    'hx-post="/comments/1/withdraw/"',
    'data-once hx-on:click="x()"',
]
SCHEMES = """javascript data vbscript file ftp tel blob about view-source ws intent jar
    javascript&colon; jav&#x09;ascript jav&Tab;ascript java&NewLine;script &#106;avascript
    &#x6A&#x61vascript javascript%3A JaVaScRiPt ｊavascript javascript： feed:javascript""".split()
CONTROLS = ["\t", "\n", "\r", "\0", "\x01", "\u00a0", "\u2028", "\ufeff"]
QUOTES = ['"', "'", "`", "", "&quot;", "\u201d"]
WRAPPED = [
    "{}",
    "`{}`",
    "**{}**",
    "> {}",
    "- {}",
    "1. {}",
    "```\n{}\n```",
    "[{}](https://example.com)",
    "[words]({})",
    "[words](<{}>)",
    "![{}](https://example.com)",
    "<{}>",
    "[words]: {}\n\n[words]",
    "https://example.com/{}",
    "<!--12-->{}<!--/-->",
]
# Elements whose insides a parser reads by other rules, so that what was text becomes a tag.
OTHER_RULES = ["noscript", "style", "title", "xmp", "textarea", "svg><style", "math><mtext><style"]
BARE = "<img src=x onerror=x()>"


def bare() -> list[str]:
    """Tags with attributes, in every quoting, broken and whole; and addresses in every scheme."""
    events = (
        f"<{tag} {handler}={quote}x(){quote}>y</{tag}>"
        for tag, handler, quote in zip(
            TAGS * 6, HANDLERS * len(TAGS), QUOTES * len(TAGS), strict=False
        )
    )
    others = (f"<{tag} {more}>y</{tag}>" for tag, more in product(TAGS[::4], OTHER_ATTRIBUTES))
    split = (f"<img{control}src=x{control}onerror=x()>" for control in CONTROLS)
    nested = (f"<{one}><{two}>x()</{one}></{two}>" for one, two in product(TAGS[:12:2], TAGS[1:9]))
    broken = ["<", "</", "<a href=", "<!--", "<![CDATA[", "<?php", "<a b='", "&#", "]]>", "<p/=x>"]
    return list(
        dict.fromkeys(chain(events, others, split, nested, broken, addresses(), disguised()))
    )


def disguised() -> Iterator[str]:
    """One and the same tag, as somebody might decode, fold, reorder or parse it into being."""
    for base, name in ((BARE, "img"), ("<script>x()</script>", "script")):
        yield "".join(f"&#{ord(c)};" for c in base)
        yield "".join(f"&#x{ord(c):x}" for c in base)
        yield base.replace("<", "&lt;").replace(">", "&gt;")
        yield base.replace("<", "&amp;lt;").replace(">", "&GT;")
        yield "".join(f"%{ord(c):02x}" for c in base)
        yield "".join(f"%25{ord(c):02x}" for c in base)
        yield "".join(f"\\u{ord(c):04x}" for c in base)
        yield "".join(f"\\x{ord(c):02x}" for c in base)
        yield base.replace("<", "+ADw-").replace(">", "+AD4-")  # UTF-7
        yield base.encode("utf-16-le").decode("latin-1")
        yield "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in base)  # full width
        yield "".join(chr(ord(c) + 0xE0000) for c in base)  # tags that nobody sees
        yield base.replace(name, name[0] + "\u200b" + name[1:])
        yield base.replace(name, name[0] + "\u00ad" + name[1:])
        yield base.replace("<", "<\u0338")  # what NFC composes
        yield base.replace("<", "\u2039").replace(">", "\u203a")
        yield base.replace("s", "\u017f").replace("i", "\u0131")  # upper-cased, S and I
        yield f"\u202e{base[::-1]}\u202c"
        yield base.swapcase()
        for half in range(1, len(base), 5):
            yield base[:half] + base + base[half:]
    for outer, quote in product(OTHER_RULES, QUOTES[:3]):
        inner = outer.rpartition("<")[2]
        yield f"<{outer}><p title={quote}</{inner}>{BARE}{quote}>"
        yield f"<{outer}><!--</{inner}>{BARE}-->"
    for brackets in ("{{{{{}}}}}", "{{%{}%}}", "${{{}}}", "<%={}%>", "#{{{}}}", "[[{}]]"):
        yield brackets.format("x()")


def addresses() -> list[str]:
    written = [f"{scheme}:x()" for scheme in SCHEMES]
    written += [f"{control}javascript{control}:x()" for control in CONTROLS]
    written += [
        "//evil.example",
        "\\\\evil.example",
        "http://a@b",
        "https://%00",
        "http://[",
        "?",
        "#",
    ]
    return written + [f"mailto:a@b.example?subject={scheme}:" for scheme in SCHEMES[:3]]


HOSTILE = bare()
COMMENTS = list(dict.fromkeys(wrap.format(text) for text in HOSTILE for wrap in WRAPPED))[::2]
