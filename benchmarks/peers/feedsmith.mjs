// The feeds of tags by feedsmith.
//
// node feedsmith.mjs articles.jsonl FOLDER FOLDER_OF_NODE_MODULES

import { createReadStream, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

const URL = 'https://news.example/'
const [source, out, modules] = process.argv.slice(2)
const { generateAtomFeed, generateRssFeed } = createRequire(resolve(modules, 'here.js'))('feedsmith')

const articles = []
for await (const line of createInterface({ input: createReadStream(source) })) {
  const article = JSON.parse(line)
  articles.push({ ...article, published: new Date(article.published) })
}
articles.sort((a, b) => b.published - a.published)

const byTag = new Map()
for (const article of articles) {
  for (const tag of article.tags) {
    if (!byTag.has(tag)) byTag.set(tag, [])
    byTag.get(tag).push(article)
  }
}

for (const [tag, found] of byTag) {
  const newest = found.slice(0, 50)
  const slug = tag.replaceAll(' ', '-')
  const folder = join(out, 'tags', slug)
  const page = `${URL}tags/${slug}/`
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'rss.xml'), rss(tag, page, newest))
  writeFileSync(join(folder, 'atom.xml'), atom(tag, page, newest))
}

function rss(tag, page, newest) {
  return generateRssFeed({
    title: tag,
    link: page,
    description: tag,
    language: 'id',
    pubDate: newest[0].published,
    atom: { links: [{ href: `${page}rss.xml`, rel: 'self' }] },
    items: newest.map(article => ({
      title: article.title,
      link: article.url,
      guid: { value: article.url },
      pubDate: article.published,
      categories: article.tags.map(name => ({ name })),
      content: { encoded: article.content },
    })),
  })
}

function atom(tag, page, newest) {
  return generateAtomFeed({
    id: page,
    title: { value: tag },
    updated: newest[0].published,
    authors: [{ name: 'News' }],
    links: [{ href: `${page}atom.xml`, rel: 'self' }, { href: page }],
    entries: newest.map(article => ({
      id: article.url,
      title: { value: article.title },
      links: [{ href: article.url }],
      published: article.published,
      updated: article.published,
      categories: article.tags.map(name => ({ term: name })),
      content: { value: article.content, type: 'html' },
    })),
  })
}
