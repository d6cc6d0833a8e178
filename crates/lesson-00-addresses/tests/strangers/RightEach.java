// Right: one address after the other, each with a deadline.
import java.io.*;
import java.net.*;

public class RightEach {
    public static void main(String[] args) throws IOException {
        BufferedReader addresses = new BufferedReader(new InputStreamReader(System.in));
        for (String address; (address = addresses.readLine()) != null; ) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getByName(address), Integer.parseInt(args[1])), 5000);
                System.out.println(new BufferedReader(new InputStreamReader(socket.getInputStream())).readLine());
                return;
            } catch (IOException error) {
                System.err.println(address + ": " + error.getMessage());
            }
        }
        System.exit(1);
    }
}
