// Mistake: serial echo in a JVM, without a deadline for read.
import java.io.*;
import java.net.*;

public class EchoNoDeadline {
    public static void main(String[] args) throws Exception {
        try (ServerSocket listener = new ServerSocket(Integer.parseInt(args[1]), 50, InetAddress.getByName(args[0]))) {
            while (true) {
                try (Socket socket = listener.accept()) {
                    socket.getInputStream().transferTo(socket.getOutputStream());
                } catch (IOException error) {
                    System.err.println(error);
                }
            }
        }
    }
}
