// Wrong: readInt is signed; the thread dies of new byte[-1], and its connection stays open.
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;

public class SignedLength {
    static void serve(Socket socket) {
        try {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                int length = in.readInt();
                if (length > 65536) break;
                byte[] payload = new byte[length];
                in.readFully(payload);
                socket.getOutputStream().write(ByteBuffer.allocate(4 + length).putInt(length).put(payload).array());
            }
            socket.close();
        } catch (IOException end) {
            try {
                socket.close();
            } catch (IOException gone) {
                System.err.println(gone);
            }
        }
    }

    public static void main(String[] args) throws IOException {
        ServerSocket listener = new ServerSocket(Integer.parseInt(args[1]), 50, InetAddress.getByName(args[0]));
        while (true) {
            Socket socket = listener.accept();
            new Thread(() -> serve(socket)).start();
        }
    }
}
