package io.cloacina.schema.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that can be stopped without being ended, as by SIGSTOP: it stands before the PostgreSQL of a test and passes on what
 * both say. When it stalls, it takes connections as before, and nobody gets an answer.
 */
public final class StallingProxy implements AutoCloseable {
    private static final byte[] SYNC = {'S', 0, 0, 0, 4};
    private static final String BEGIN = "BEGIN\0";
    private static final String COMMIT = "COMMIT\0";

    private final URI real;
    private final ServerSocket door;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger roundTrips = new AtomicInteger();
    private final AtomicInteger toBeCut = new AtomicInteger();
    private final AtomicInteger toBeLost = new AtomicInteger();
    private volatile long delayMillis;
    private boolean isStalling;
    private boolean isClosed;

    private StallingProxy(URI real) throws IOException {
        this.real = real;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::takeConnections);
    }

    /** Before the server of that database. */
    public static StallingProxy before(TestDatabase test) {
        try {
            return new StallingProxy(URI.create(test.url()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The URL of the database through this. */
    public String url() {
        return real.toString().replace(":" + real.getPort() + "/", ":" + door.getLocalPort() + "/");
    }

    /** From now on what is said arrives that much later. */
    public void delay(Duration delay) {
        delayMillis = delay.toMillis();
    }

    /** How often clients have sent a Sync, after which they wait for the answer to all that they sent before it. */
    public int roundTrips() {
        return roundTrips.get();
    }

    /**
     * As a pooler whose server is away: cuts all connections, and so many of those that are made from now on when a
     * transaction begins on them.
     */
    public void cutTransactions(int number) throws IOException {
        toBeCut.set(number);
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** Of so many commits from now on, if they are said by their text, answers are lost and connections are cut. */
    public void loseAnswers(int number) {
        toBeLost.set(number);
    }

    /** From now on nothing is passed on. */
    public synchronized void stall() {
        isStalling = true;
    }

    /** What was said meanwhile is passed on, and so is all that follows. */
    public synchronized void goOn() {
        isStalling = false;
        notifyAll();
    }

    @Override
    public synchronized void close() throws IOException {
        isClosed = true;
        notifyAll();
        door.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void takeConnections() throws IOException {
        while (true) {
            Socket client = door.accept();
            Socket server = new Socket(real.getHost(), real.getPort());
            sockets.addAll(List.of(client, server));
            AtomicBoolean isLost = new AtomicBoolean();
            daemon(() -> passOn(client, server, (bytes, length) -> mayBeSaid(bytes, length, isLost)));
            daemon(() -> passOn(server, client, (bytes, length) -> !isLost.get()));
        }
    }

    private interface Looking {
        boolean mayPass(byte[] bytes, int length);
    }

    /** What a client sends before it waits ends with a Sync, which is not longer than its type and its length. */
    private boolean mayBeSaid(byte[] bytes, int length, AtomicBoolean isLost) {
        if (length >= 5 && Arrays.equals(bytes, length - 5, length, SYNC, 0, 5)) {
            roundTrips.incrementAndGet();
        }
        String said = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        if (said.contains(COMMIT) && isOneOf(toBeLost)) {
            isLost.set(true);
        }
        return !said.contains(BEGIN) || !isOneOf(toBeCut);
    }

    private static boolean isOneOf(AtomicInteger left) {
        return left.getAndUpdate(now -> Math.max(0, now - 1)) > 0;
    }

    private void passOn(Socket from, Socket to, Looking looking) throws IOException {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] bytes = new byte[8_192];
            for (int read = in.read(bytes); read >= 0 && mayPass(); read = in.read(bytes)) {
                if (!looking.mayPass(bytes, read)) {
                    return;
                }
                out.write(bytes, 0, read);
            }
        }
    }

    private synchronized boolean mayPass() {
        try {
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delayMillis);
            for (long left = end - System.nanoTime(); left > 0 && !isClosed; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            while (isStalling && !isClosed) {
                wait();
            }
        } catch (InterruptedException e) {
            return false;
        }
        return !isClosed;
    }

    private interface Passing {
        void run() throws IOException;
    }

    private static void daemon(Passing passing) {
        Thread thread = new Thread(
                () -> {
                    try {
                        passing.run();
                    } catch (IOException e) {
                        // One of the two has gone.
                    }
                },
                "stalling-proxy");
        thread.setDaemon(true);
        thread.start();
    }
}
