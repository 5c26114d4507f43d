import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** Serves a folder on loopback. */
class Site {
  public static void main(String[] args) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 8000), 0);
    server.createContext("/", exchange -> {
      Path file = Path.of(args[0] + exchange.getRequestURI().getPath());
      boolean found = Files.isRegularFile(file);
      byte[] bytes = found ? Files.readAllBytes(file) : new byte[0];
      boolean body = found && exchange.getRequestMethod().equals("GET") && bytes.length > 0;
      exchange.sendResponseHeaders(found ? 200 : 404, body ? bytes.length : -1);
      if (body) exchange.getResponseBody().write(bytes);
      exchange.close();
    });
    server.start();
  }
}
