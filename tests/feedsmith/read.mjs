// Fetches the feed at the address given and prints its items, read by feedsmith, as JSON.
import { parseFeed } from 'feedsmith'

const READ = {
  rss: ({ items }) =>
    items.map((item) => ({
      id: item.guid.value,
      title: item.title,
      author: item.dc.creators[0],
      date: item.pubDate,
      content: item.content.encoded,
    })),
  atom: ({ entries }) =>
    entries.map((entry) => ({
      id: entry.id,
      title: entry.title.value,
      author: entry.authors[0].name,
      date: entry.published,
      content: entry.content.value,
    })),
  json: ({ items }) =>
    items.map((item) => ({
      id: item.id,
      title: item.title,
      author: item.authors[0].name,
      date: item.date_published,
      content: item.content_html,
    })),
}

const response = await fetch(process.argv[2])
const { format, feed } = parseFeed(await response.text())
const items = READ[format](feed).map((item) => ({ ...item, date: new Date(item.date).toISOString() }))
console.log(JSON.stringify(items))
