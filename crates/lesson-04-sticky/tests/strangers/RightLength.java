// Right: one DataInputStream for lengths and messages.
import java.io.*;
import java.net.*;

public class RightLength {
    public static void main(String[] args) throws IOException {
        ServerSocket server = new ServerSocket(Integer.parseInt(args[1]), 50, InetAddress.getByName(args[0]));
        while (true) {
            try (Socket socket = server.accept()) {
                DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
                for (int b = in.read(); b >= 0; b = in.read()) {
                    int length = 0;
                    for (; b >= '0' && b <= '9' && length <= 1024; b = in.readUnsignedByte()) length = 10 * length + b - '0';
                    if (b != '\n' || length > 1024) break;
                    byte[] answer = new byte[7 + length + 1];
                    System.arraycopy("-----> ".getBytes(), 0, answer, 0, 7);
                    in.readFully(answer, 7, length);
                    answer[7 + length] = '\n';
                    socket.getOutputStream().write(answer);
                }
            } catch (IOException error) {
                System.err.println(error);
            }
        }
    }
}
