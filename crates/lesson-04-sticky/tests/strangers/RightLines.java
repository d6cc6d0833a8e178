// Right: a thread for each client, and bytes read one by one from a buffered stream. Argument 3: the limit.
import java.io.*;
import java.net.*;

public class RightLines {
    public static void main(String[] args) throws IOException {
        int limit = args.length > 2 ? Integer.parseInt(args[2]) : 1024;
        ServerSocket server = new ServerSocket(Integer.parseInt(args[1]), 128, InetAddress.getByName(args[0]));
        while (true) {
            Socket socket = server.accept();
            Thread thread = new Thread(() -> serve(socket, limit));
            thread.setDaemon(true);
            thread.start();
        }
    }

    static void serve(Socket socket, int limit) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            for (int b; (b = in.read()) >= 0 && message.size() <= limit; ) {
                if (b != '\n') {
                    message.write(b);
                    continue;
                }
                ByteArrayOutputStream answer = new ByteArrayOutputStream();
                answer.write("-----> ".getBytes());
                message.writeTo(answer);
                answer.write('\n');
                socket.getOutputStream().write(answer.toByteArray());
                message.reset();
            }
        } catch (IOException error) {
            System.err.println(error);
        }
    }
}
