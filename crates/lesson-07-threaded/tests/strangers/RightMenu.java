// Menu in Java, a thread for each client, right: a limit that is said aloud, and nothing that ends the loop of accept.
import java.io.*;
import java.net.*;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
public class RightMenu {
    static final Semaphore places = new Semaphore(200);
    static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }
    static void menu(Socket socket) {
        try (socket) {
            socket.setSoTimeout(60000);
            say(socket, "\u6211\u662f\u591a\u7ebf\u7a0b");
            byte[] piece = new byte[1024];
            for (int got; (got = socket.getInputStream().read(piece)) > 0;) {
                String word = new String(piece, 0, got, StandardCharsets.ISO_8859_1);
                if (word.equals("exit")) return;
                say(socket, word.equals("0") ? "\u60a8\u8f93\u5165\u7684\u662f0" : "\u8bf7\u91cd\u65b0\u8f93\u5165.");
            }
        } catch (IOException error) {
            System.err.println(error);
        } finally {
            places.release();
        }
    }
    static void refuse(Socket socket) {
        try (socket) {
            say(socket, "server full, try again later\n");
        } catch (IOException error) {
            System.err.println(error);
        }
    }
    public static void main(String[] args) throws Exception {
        ServerSocket listener = new ServerSocket(Integer.parseInt(args[1]), 128, InetAddress.getByName(args[0]));
        while (true) {
            Socket socket;
            try {
                socket = listener.accept();
            } catch (IOException error) {
                System.err.println("not accepted: " + error);
                Thread.sleep(100);
                continue;
            }
            if (!places.tryAcquire()) {
                refuse(socket);
                continue;
            }
            try {
                Thread thread = new Thread(() -> menu(socket));
                thread.setDaemon(true);
                thread.start();
            } catch (OutOfMemoryError error) {
                places.release();
                refuse(socket);
            }
        }
    }
}
