// Right: Java, DataInputStream, a thread for each client. The third word is the maximum.
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;

public class RightFrames {
    static void serve(Socket socket, long maximum) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                long length = Integer.toUnsignedLong(in.readInt());
                if (length > maximum) return;
                ByteBuffer frame = ByteBuffer.allocate(4 + (int) length).putInt((int) length);
                in.readFully(frame.array(), 4, (int) length);
                socket.getOutputStream().write(frame.array());
            }
        } catch (IOException end) {
            System.err.println(end);
        }
    }

    public static void main(String[] args) throws IOException {
        long maximum = args.length > 2 ? Long.parseLong(args[2]) : 65536;
        ServerSocket listener = new ServerSocket(Integer.parseInt(args[1]), 50, InetAddress.getByName(args[0]));
        while (true) {
            Socket socket = listener.accept();
            new Thread(() -> serve(socket, maximum)).start();
        }
    }
}
