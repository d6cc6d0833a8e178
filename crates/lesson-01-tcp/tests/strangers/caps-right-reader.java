// Right, in Java: an InputStreamReader decodes across reads; a pair of surrogates is kept together by the writer.
import java.io.*;
import java.net.*;
import java.nio.charset.StandardCharsets;

public class Capitals {
    public static void main(String[] args) throws Exception {
        ServerSocket listener = new ServerSocket(Integer.parseInt(args[1]), 50, InetAddress.getByName(args[0]));
        while (true) {
            try (Socket socket = listener.accept()) {
                socket.setSoTimeout(10000);
                Reader reader = new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8);
                StringBuilder text = new StringBuilder();
                for (int c; (c = reader.read()) >= 0 && text.length() < 1 << 20;) text.append((char) c);
                socket.getOutputStream().write(text.toString().toUpperCase().getBytes(StandardCharsets.UTF_8));
            } catch (IOException error) {
                System.err.println("connection closed: " + error);
            }
        }
    }
}
