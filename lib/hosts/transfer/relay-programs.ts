/**
 * Serves contents of a store to who knows their addresses: `/TOKEN/DIGEST`, where the token is the digest's HMAC by a
 * secret. Ends with its stdin, and when nothing came in over that for a while: a connection that is cut off says nothing.
 * For Python 2.7 and 3.
 */
const server = `
import hashlib, hmac, os, re, select, shutil, socket, sys, threading
try:
    from http.server import BaseHTTPRequestHandler
    from socketserver import ThreadingTCPServer
except ImportError:
    from BaseHTTPServer import BaseHTTPRequestHandler
    from SocketServer import ThreadingTCPServer

store, address, silence = sys.argv[1], sys.argv[2], float(sys.argv[3])
secret = sys.stdin.readline().strip().encode()

class Handler(BaseHTTPRequestHandler):
    timeout = 60

    def do_GET(self):
        token, _, digest = self.path[1:].partition('/')
        known = re.match('[0-9a-f]{64}$', digest)
        if not known or token != hmac.new(secret, digest.encode(), hashlib.sha256).hexdigest():
            return self.send_error(404)
        try:
            content = open(os.path.join(store, digest), 'rb')
        except EnvironmentError:
            return self.send_error(404)
        with content:
            size = os.fstat(content.fileno()).st_size
            rest = re.match('bytes=([0-9]+)-$', self.headers.get('Range', ''))
            start = int(rest.group(1)) if rest else 0
            if start > size:
                return self.send_error(416)
            self.send_response(206 if rest else 200)
            if rest:
                self.send_header('Content-Range', 'bytes %d-%d/%d' % (start, size - 1, size))
            self.send_header('Content-Length', str(size - start))
            self.end_headers()
            content.seek(start)
            shutil.copyfileobj(content, self.wfile, 1 << 18)

    def log_message(self, *said):
        pass

class Server(ThreadingTCPServer):
    address_family = socket.AF_INET6 if ':' in address else socket.AF_INET
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *who):
        pass

server = Server((address, 0), Handler)
thread = threading.Thread(target=server.serve_forever)
thread.daemon = True
thread.start()
sys.stdout.write('%s %d\\n' % server.server_address[:2])
sys.stdout.flush()
while select.select([0], [], [], silence)[0] and os.read(0, 4096):
    pass
os._exit(0)
`

/** Exit code of a program on a host that lacks what it needs. */
export const lacksProgram = 69

/**
 * Starts the server at the address by which the operator came, else at the given one. Its secret is the first line of
 * stdin; its first line of output says where it is: `ADDRESS PORT`.
 */
export const serveProgram = `
store=$1 address=$2 silence=$3 server=$4
if [ -n "$SSH_CONNECTION" ]; then
  set -- $SSH_CONNECTION
  address=$3
fi
for python in python3 python2.7 python2 python; do
  command -v "$python" >/dev/null && "$python" -c 'import hmac, select, threading' 2>/dev/null &&
    exec "$python" -c "$server" "$store" "$address" "$silence"
done
exit ${lacksProgram}
`

export function serveArgs(store: string, address: string, silence: number): string[] {
  return [store, address, `${silence / 1000}`, server]
}

/**
 * Fetches what a list on stdin names: digest and address, a line each. Prints again and again how many bytes have
 * come so far. An address is a secret, and in no command line.
 * `$unsure`: bytes at the end of a partial file that may hold gaps, and are fetched again.
 */
export const fetchProgram = `
store=$1 unsure=$2
umask 077
if command -v curl >/dev/null; then
  get() {
    printf 'url = "%s"\\n' "$address" | curl -q -fsS --noproxy '*' --connect-timeout 5 --speed-limit 1 --speed-time 30 \\
      -C - -o "$part" -K -
  }
elif command -v wget >/dev/null; then
  get() { echo "$address" | wget -nv --no-proxy --connect-timeout=5 --read-timeout=30 -t 1 -c -O "$part" -i -; }
else exit ${lacksProgram}
fi
size_of() { if [ -f "$part" ]; then echo $(($(wc -c <"$part"))); else echo 0; fi; }
fetched=0
while read -r digest address; do
  part=$store/$digest.part
  had=$(($(size_of) - unsure))
  [ $had -ge 0 ] || had=0
  [ ! -f "$part" ] || dd if=/dev/null of="$part" bs=1 seek=$had 2>/dev/null
  get &
  naps=0
  while kill -s 0 $! 2>/dev/null; do
    naps=$((naps + 1))
    if [ $naps -lt 20 ]; then pause=0.05; else pause=0.5; fi
    sleep $pause 2>/dev/null || sleep 1
    echo $((fetched + $(size_of) - had))
  done
  wait $! || exit
  fetched=$((fetched + $(size_of) - had))
done
exit 0
`
