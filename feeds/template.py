"""The publish.toml that `init` writes: every setting, with what it means."""

TEMPLATE = """\
# Settings of tagwire. Lines that begin with # are examples or defaults.

# archive = "tagwire.db"   # what was ever published; keep it, back it up
# out = "public"           # folder that a web server serves

[site]
url = "https://news.example/"      # the newsroom's address; feeds and ids build on it
title = "News"                     # as feed readers show it
# description = "What the newsroom is about, in a sentence"
# language = "id"                  # BCP 47, for articles that do not say
# timezone = "Asia/Jakarta"        # for dates that name no zone
# publisher = "News"               # stands in where an article names no author
# rights = "© News"
# drop_tags = ["berita", "news"]   # tags that are no subjects
# undated = "reject"               # or "first-seen": the date a record was first met
# tagging_entity = "news.example,2005"   # names the ids tagwire makes (RFC 4151); never changes afterwards
# formerly = ["https://old.example/"]    # addresses this site had before

[feeds]
# limit = 50                       # articles in a feed, newest first
# of = ["tags", "sections", "authors"]   # or "languages" as well; the site always has one
# formats = ["rss", "atom", "json"]
# url = "https://news.example/"    # where the feeds are served, if not at the site's address
# tag_page = "https://news.example/tag/{slug}"   # the page that shows a tag's articles
# history = true                   # documents with every older article behind each feed
# More of this, and [[feed]] for single feeds: docs/feeds.md

[serve]                            # of `serve`; all of them: docs/serving.md
# host = "127.0.0.1"
# port = 8080
# access_log = "access.log"        # what `pollers` reads
# every = "5m"                     # between two readings of a source that names no interval of its own

[fetch]
# contact = "web@news.example"     # where a webmaster may complain of us; goes into the User-Agent
# pause = 1.0                      # seconds between two requests to one host
# respect_robots = true
# private_hosts = ["cms.internal"] # hosts inside your own network that addresses may lead to

# One [[source]] for each place articles come from. Paths start at this file. All kinds: docs/sources.md
[[source]]
path = "articles/"                 # a file, a folder or a URL; or sitemap, listing, wordpress, sql, inbox …
# pages = "https://news.example/posts/"   # a Markdown folder's pages, if their front matter names no address
# [source.fields]                  # your system's own names, if tagwire does not know them
# judul_berita = "title"
# "isi.html" = "content"
"""
