// An echo server in Java: a buffer for the largest datagram, and a packet of its own for each. Right.
import java.net.*;

class Echo {
    public static void main(String[] words) throws Exception {
        var socket = new DatagramSocket(new InetSocketAddress(words[0], Integer.parseInt(words[1])));
        var buffer = new byte[65535];
        while (true) {
            var packet = new DatagramPacket(buffer, buffer.length);
            socket.receive(packet);
            try {
                socket.send(packet);
            } catch (java.io.IOException error) {
                System.err.println(packet.getSocketAddress() + ": " + error.getMessage());
            }
        }
    }
}
