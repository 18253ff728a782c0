"""Post text: what WordPress makes of a post's text when it shows it: paragraphs, captions, no shortcodes."""

from __future__ import annotations

import re

BLOCK = (
    "p div h[1-6] ul ol li dl dt dd table thead tbody tfoot tr td th blockquote figure figcaption pre hr "
    "section article aside header footer details summary address form fieldset iframe video audio"
).replace(" ", "|")
# Text in which line ends are the writer's, and in which nothing is a paragraph.
# One without an end takes all that follows, so that none is looked for twice.
KEPT = re.compile(r"(<(pre|script|style|textarea)\b(?:.*?</\2\s*>|.*))", re.IGNORECASE | re.DOTALL)
COMMENT = re.compile(r"<!--(?:[^<-]|<(?!!--)|-(?!->))*+-->")  # Gutenberg's blocks; `more` and `nextpage`
LINE_BREAK = re.compile(r"<br\s*/?>$", re.IGNORECASE)
BEFORE_BLOCK = re.compile(rf"(<(?:{BLOCK})(?=[\s/>]))", re.IGNORECASE)
AFTER_BLOCK = re.compile(rf"(</(?:{BLOCK})\s*>|<hr\b[^<>]*>)", re.IGNORECASE)
IS_BLOCK = re.compile(rf"</?(?:{BLOCK})(?=[\s/>])", re.IGNORECASE)
CAPTION = re.compile(
    r"\[(caption|wp_caption)\b([^\[\]]{0,500})\]((?:(?!\[/?\1\b).){0,4000}?)\[/\1\]",
    re.IGNORECASE | re.DOTALL,
)
PICTURE = re.compile(r"((?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*</a>)?)(.*)", re.IGNORECASE | re.DOTALL)
CAPTION_ATTRIBUTE = re.compile(r"\bcaption\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
# Shortcodes whose inside is no text either.
WHOLE = re.compile(
    r"(?<!\[)\[(gallery|embed|audio|video|playlist)\b[^\[\]]{0,1000}\](?:(?:(?!\[/?\1\b).){0,2000}?\[/\1\])?",
    re.IGNORECASE | re.DOTALL,
)
SHORTCODE = re.compile(r"(?<!\[)\[(/?)([a-zA-Z][\w-]{1,40})(\s[^\[\]<>]{0,1000}|/)?\](?!\])")


def post_html(text: str) -> str:
    """Return a post's text as HTML: without Gutenberg's comments and shortcodes, in paragraphs."""
    text = COMMENT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _without_shortcodes(CAPTION.sub(_figure, text))
    pieces = KEPT.split(text)
    # split gives text, kept element, its name, text …
    return "\n".join(
        piece if number % 3 else _in_paragraphs(piece)
        for number, piece in enumerate(pieces)
        if number % 3 != 2 and piece.strip()
    )


def _figure(match: re.Match[str]) -> str:
    picture = PICTURE.search(match[3])
    if not picture:
        return match[3]
    stated = CAPTION_ATTRIBUTE.search(match[2])
    caption = picture[2].strip() or (stated and (stated[1] or stated[2])) or ""
    inside = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f"\n\n<figure>{picture[1]}{inside}</figure>\n\n"


def _without_shortcodes(text: str) -> str:
    """Take shortcodes out and leave what they enclose; `[sic]` and `[Foto: Antara]` are text."""
    text = WHOLE.sub("", text)
    closed = {match[2].lower() for match in SHORTCODE.finditer(text) if match[1]}

    def without(match: re.Match[str]) -> str:
        rest = match[3] or ""
        is_code = match[1] or match[2].lower() in closed or "=" in rest or rest.endswith("/")
        return "" if is_code else match[0]

    return SHORTCODE.sub(without, text)


def _in_paragraphs(text: str) -> str:
    """Make paragraphs of what blank lines part and no block element holds; line ends become <br>."""
    text = AFTER_BLOCK.sub(r"\1\n\n", BEFORE_BLOCK.sub(r"\n\n\1", text))
    blocks = (block.strip() for block in re.split(r"\n\s*\n", text))
    return "\n".join(block if IS_BLOCK.match(block) else _paragraph(block) for block in blocks if block)


def _paragraph(block: str) -> str:
    lines = (LINE_BREAK.sub("", line.strip()) for line in block.split("\n"))
    return f"<p>{'<br>'.join(lines)}</p>"
