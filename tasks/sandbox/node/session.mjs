// A registration that stands as long as its connection does: one request whose answer never ends, a line of JSON
// at a time. The miniature ZooKeeper's ephemeral nodes and the miniature Mesos's registrations are made so.
import { request } from 'node:http'
import { createInterface } from 'node:readline'

/**
 * Opens a session. `onLine` gets every value of the answer; `onEnd` is called once, with the reason, when the session
 * is refused, lost or closed. Gives a function that closes it.
 */
export function openSession(method, url, body, { onLine = () => {}, onEnd }) {
  let ended = false
  const end = (reason) => {
    if (ended) return
    ended = true
    asked.destroy()
    onEnd(reason)
  }
  const asked = request(url, { method, agent: false }, (response) => {
    if (response.statusCode !== 200) return end(`${url} answered ${response.statusCode}`)
    response.socket.setKeepAlive(true, 5000)
    response.on('error', (error) => end(error.message)).on('close', () => end(`${url} ended the session`))
    // Its errors are the answer's, once more.
    const lines = createInterface({ input: response }).on('error', () => {})
    lines.on('line', (line) => onLine(JSON.parse(line)))
  })
  asked.on('error', (error) => end(error.message)).end(JSON.stringify(body))
  return () => end('closed')
}

/** The server's side: starts the endless answer, and gives a function that sends a value. */
export function keepSession(response, onClose) {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  response.on('close', onClose)
  return (value) => response.write(`${JSON.stringify(value)}\n`)
}
