/** Gives the port. A port that is taken ends the scheduler, as it does the real one. */
export function listen(server, port, address) {
  server.on('error', (error) => {
    console.error(`java.net.BindException: ${error.message} (the sandbox's miniature scheduler)`)
    process.exit(1)
  })
  return new Promise((resolve) => server.listen(port, address, () => resolve(server.address().port)))
}
