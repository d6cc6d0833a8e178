// Right: on Linux a ServerSocket of Java sets SO_REUSEADDR; here it is said as well, before bind.
import java.io.*;
import java.net.*;

public class RightServer {
    public static void main(String[] args) throws IOException {
        ServerSocket server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(args[0], Integer.parseInt(args[1])));
        while (true) {
            try (Socket socket = server.accept()) {
                if (socket.getInputStream().readNBytes(6).length == 6) socket.getOutputStream().write("hi".getBytes());
            } catch (IOException error) {
                System.err.println(error);
            }
        }
    }
}
