// Right: an echo server in Java with a pool of threads and a deadline for every read.
import java.io.*;
import java.net.*;
import java.util.concurrent.*;

public class EchoRight {
    public static void main(String[] args) throws Exception {
        int limit = (int) (1000 * (args.length > 2 ? Double.parseDouble(args[2]) : 5));
        ExecutorService pool = Executors.newCachedThreadPool();
        ServerSocket listener = new ServerSocket(Integer.parseInt(args[1]), 50, InetAddress.getByName(args[0]));
        while (true) {
            Socket socket = listener.accept();
            pool.execute(() -> {
                try (socket) {
                    socket.setSoTimeout(limit);
                    socket.getInputStream().transferTo(socket.getOutputStream());
                } catch (IOException error) {
                    System.err.println("connection closed: " + error);
                }
            });
        }
    }
}
