// Right: Java, a thread for each client, the plain login. The third argument: only-two or shared.
import java.io.*;
import java.net.*;
import java.security.*;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

class RightThreads {
    static String key;

    public static void main(String[] args) throws Exception {
        key = args[2].equals("shared") ? "thirty-two bytes of a shared key" : "only two programs know this key.";
        try (ServerSocket listener = new ServerSocket(Integer.parseInt(args[1]), 128, InetAddress.getByName(args[0]))) {
            while (true) {
                Socket client = listener.accept();
                new Thread(() -> serve(client)).start();
            }
        }
    }

    static void serve(Socket client) {
        try (client) {
            client.setSoTimeout(20000);
            byte[] challenge = new byte[32];
            new SecureRandom().nextBytes(challenge);
            InputStream in = client.getInputStream();
            OutputStream out = client.getOutputStream();
            out.write(challenge);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes("US-ASCII"), "HmacSHA256"));
            if (!MessageDigest.isEqual(mac.doFinal(challenge), in.readNBytes(32))) throw new IOException("a wrong key");
            client.setSoTimeout(30000);
            byte[] piece = new byte[1024];
            for (int got; (got = in.read(piece)) >= 0; ) {
                for (int i = 0; i < got; i++) if (piece[i] >= 'a' && piece[i] <= 'z') piece[i] -= 32;
                out.write(piece, 0, got);
            }
        } catch (Exception error) {
            System.err.println("connection closed: " + error.getMessage());
        }
    }
}
