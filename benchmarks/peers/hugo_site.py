"""A Hugo site of the articles, which makes the feeds of tags and nothing else: hugo --source FOLDER.

python hugo_site.py articles.jsonl FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

SETTINGS = """\
baseURL = "https://news.example/"
title = "Kabar Contoh"
capitalizeListTitles = false
disableKinds = ["home", "section", "taxonomy", "sitemap", "robotsTXT", "404"]
timeZone = "UTC"
[security]
allowContent = [".*"]
[taxonomies]
tag = "tags"
[outputs]
term = ["rss", "atom"]
page = []
[outputFormats.rss]
mediaType = "application/rss+xml"
baseName = "rss"
[mediaTypes."application/atom+xml"]
suffixes = ["xml"]
[outputFormats.atom]
mediaType = "application/atom+xml"
baseName = "atom"
noUgly = true
"""

RSS = """\
{{- printf "<?xml version=\\"1.0\\" encoding=\\"utf-8\\"?>" | safeHTML }}
{{- $page := printf "https://news.example/tags/%s/" (urlize .Data.Term) }}
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>{{ .Title }}</title><link>{{ $page }}</link><description>{{ .Title }}</description>
<language>id</language>
<atom:link href="{{ $page }}rss.xml" rel="self" type="application/rss+xml" />
{{ range first 50 .Pages.ByDate.Reverse }}<item><title>{{ .Title }}</title><link>{{ .Params.link }}</link>
<guid>{{ .Params.link }}</guid>
<pubDate>{{ .Date.Format "Mon, 02 Jan 2006 15:04:05 -0700" | safeHTML }}</pubDate>
{{ range .Params.tags }}<category>{{ . }}</category>{{ end }}
<content:encoded>{{ .Content | transform.XMLEscape | safeHTML }}</content:encoded></item>
{{ end }}</channel></rss>
"""

ATOM = """\
{{- printf "<?xml version=\\"1.0\\" encoding=\\"utf-8\\"?>" | safeHTML }}
{{- $page := printf "https://news.example/tags/%s/" (urlize .Data.Term) }}
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="id"><id>{{ $page }}</id><title>{{ .Title }}</title>
<updated>{{ (index .Pages.ByDate.Reverse 0).Date.Format "2006-01-02T15:04:05Z07:00" | safeHTML }}</updated>
<link href="{{ $page }}atom.xml" rel="self" /><link href="{{ $page }}" />
<author><name>News</name></author>
{{ range first 50 .Pages.ByDate.Reverse }}{{ $date := .Date.Format "2006-01-02T15:04:05Z07:00" | safeHTML }}
<entry><id>{{ .Params.link }}</id><title>{{ .Title }}</title><link href="{{ .Params.link }}" />
<published>{{ $date }}</published><updated>{{ $date }}</updated>
{{ range .Params.tags }}<category term="{{ . }}" />{{ end }}
<content type="html">{{ .Content | transform.XMLEscape | safeHTML }}</content></entry>
{{ end }}</feed>
"""


def main(source: str, folder: str) -> None:
    """Write settings, two templates, and a file of HTML with front matter for each article."""
    site = Path(folder)
    (site / "layouts/_default").mkdir(parents=True)
    (site / "hugo.toml").write_text(SETTINGS)
    (site / "layouts/_default/term.rss.xml").write_text(RSS)
    (site / "layouts/_default/term.atom.xml").write_text(ATOM)
    with Path(source).open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            record = json.loads(line)
            matter = {name: record[name] for name in ("title", "tags")}
            matter |= {"date": record["published"], "link": record["url"]}
            # No folder holds more than a thousand, which no file system minds.
            path = site / f"content/berita/{number // 1000}/{number}.html"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{json.dumps(matter, ensure_ascii=False)}\n{record['content']}\n", "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
