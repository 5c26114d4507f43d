/** Does what its name says, for as long as it is asked to, and tells of itself at /flags. */
export const fakeScheduler = `#!/usr/bin/env bash
[[ -z "\${ROOT:-}" ]] || echo "$$" >>"$ROOT/started"
exec node -e '
  const port = process.argv.find((arg) => arg.startsWith("-http_port=")).split("=")[1]
  const answers = { "/health": "OK", "/vars": "framework_registered 1\\nscheduler_lifecycle_ACTIVE 1\\n" }
  answers["/flags"] = JSON.stringify({ flags: process.argv.slice(1), ip: process.env.LIBPROCESS_IP })
  require("http").createServer(({ url, method }, response) => {
    response.end(answers[url])
    if (method === "POST") process.exit(0)
  }).listen(Number(port), "127.0.0.1")
' -- "$@"
`
