#!/usr/bin/env node
// The sandbox's ZooKeeper: nodes that live as long as their makers' connections, over HTTP, and its words of four letters.
//   GET /path   what a node holds and its children, or 404
//   PUT /path/prefix_   makes a node of that prefix and a number, until the connection ends; answers its name
import { createServer } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { json } from 'node:stream/consumers'
import { readFlags } from './flags.mjs'
import { keepSession } from './session.mjs'

const flags = readFlags('zookeeper', { ip: '127.0.0.1', port: '2181' })
const nodes = new Map()
let number = 0

const http = createServer(async (request, response) => {
  const path = request.url
  if (request.method === 'GET') return answer(response, path)
  if (request.method !== 'PUT') return response.writeHead(405).end()
  const data = await json(request)
  const name = `${path}${String(number++).padStart(10, '0')}`
  nodes.set(name, data)
  const send = keepSession(response, () => nodes.delete(name))
  send({ name })
})

function answer(response, path) {
  const inside = path === '/' ? '/' : `${path}/`
  const under = [...nodes.keys()].filter((name) => name.startsWith(inside))
  if (!nodes.has(path) && under.length === 0 && path !== '/') return response.writeHead(404).end()
  const children = [...new Set(under.map((name) => name.slice(inside.length).split('/')[0]))].sort()
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ data: nodes.get(path), children }))
}

const answers = {
  ruok: () => 'imok',
  dump: () => ['Sessions with Ephemerals:', ...[...nodes.keys()].map((name) => `\t${name}`), ''].join('\n'),
}

// Four letters and nothing more are ZooKeeper's own question; everything else is HTTP.
const tcp = createTcpServer((socket) => {
  socket.on('error', () => {})
  socket.once('data', (first) => {
    const word = first.toString().trim()
    if (word in answers) return socket.end(answers[word]())
    socket.unshift(first)
    http.emit('connection', socket)
  })
})
tcp.listen(Number(flags.port), flags.ip, () =>
  console.log(`The sandbox's ZooKeeper listens on ${flags.ip}:${flags.port}`),
)
