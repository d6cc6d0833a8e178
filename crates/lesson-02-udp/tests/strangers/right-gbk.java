// Reads GBK and answers in UTF-8, in Java. Right.
import java.net.*;
import java.nio.charset.*;

class Gbk {
    public static void main(String[] words) throws Exception {
        var socket = new DatagramSocket(new InetSocketAddress(words[0], Integer.parseInt(words[1])));
        while (true) {
            var packet = new DatagramPacket(new byte[65535], 65535);
            socket.receive(packet);
            var text = new String(packet.getData(), 0, packet.getLength(), Charset.forName("GBK"));
            var answer = text.getBytes(StandardCharsets.UTF_8);
            try {
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (java.io.IOException error) {
                System.err.println(error.getMessage());
            }
        }
    }
}
