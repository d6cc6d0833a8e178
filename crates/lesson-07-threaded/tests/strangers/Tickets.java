// Tickets in Java, a thread for each client, right: incrementAndGet, after the answer.
import java.io.*;
import java.net.*;
import java.util.concurrent.atomic.AtomicInteger;
public class Tickets {
    static final AtomicInteger sold = new AtomicInteger();
    static void sell(Socket socket) {
        try (socket) {
            socket.setSoTimeout(60000);
            OutputStream out = socket.getOutputStream();
            out.write((sold.get() + " sold, one more?\n").getBytes());
            BufferedReader lines = new BufferedReader(new InputStreamReader(socket.getInputStream()));
            if ("yes".equals(lines.readLine())) out.write(("ticket " + sold.incrementAndGet() + "\n").getBytes());
        } catch (IOException error) {
            System.err.println(error);
        }
    }
    public static void main(String[] args) throws Exception {
        ServerSocket listener = new ServerSocket(Integer.parseInt(args[1]), 128, InetAddress.getByName(args[0]));
        while (true) {
            Socket socket = listener.accept();
            new Thread(() -> sell(socket)).start();
        }
    }
}
