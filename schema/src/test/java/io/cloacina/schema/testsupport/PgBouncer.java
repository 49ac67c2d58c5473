package io.cloacina.schema.testsupport;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A real PgBouncer in front of a database of the tests. Where the program is not installed, the test is skipped and says so:
 * {@code apt-get install pgbouncer} brings it to Debian.
 */
public final class PgBouncer implements AutoCloseable {
    private static final int TRIES = 5;
    private static final int PROMPT_MILLIS = 10_000;

    private final Process process;
    private final Path folder;
    private final int port;
    private final String database;

    private PgBouncer(Process process, Path folder, int port, String database) {
        this.process = process;
        this.folder = folder;
        this.port = port;
        this.database = database;
    }

    /**
     * Starts one that shares four connections to the server, or has enough for all sessions.
     *
     * @param mode {@code transaction}, {@code session} or {@code statement}
     * @param settings further lines of its configuration
     */
    public static PgBouncer start(TestDatabase test, String mode, String... settings) {
        Optional<Path> program = program();
        assumeTrue(program.isPresent(), "skipped: pgbouncer is not installed here");
        for (int tried = 1; ; tried++) {
            Optional<PgBouncer> started = tryToStart(program.orElseThrow(), test, mode, settings);
            if (started.isPresent()) {
                return started.get();
            }
            if (tried == TRIES) {
                throw new IllegalStateException("pgbouncer did not start " + TRIES + " times; see stderr");
            }
        }
    }

    /** The URL of the database through it. */
    public String url() {
        return "postgresql://postgres@127.0.0.1:" + port + "/" + database;
    }

    /** The driver's form of {@link #url()}. */
    public String jdbcUrl() {
        return SharedPostgres.jdbcUrl(url());
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PROMPT_MILLIS, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Files.deleteIfExists(folder.resolve("pgbouncer.ini"));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<Path> program() {
        String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
        return Stream.of(path.split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Nothing if somebody took the port meanwhile. */
    private static Optional<PgBouncer> tryToStart(Path program, TestDatabase test, String mode, String... settings) {
        try {
            URI server = URI.create(test.url());
            String database = server.getPath().substring(1);
            int port = freePort();
            List<String> lines = new ArrayList<>(List.of(
                    "[databases]",
                    "* = host=127.0.0.1 port=" + server.getPort() + " user=postgres",
                    "[pgbouncer]",
                    "listen_addr = 127.0.0.1",
                    "listen_port = " + port,
                    "unix_socket_dir =",
                    "auth_type = any",
                    "pool_mode = " + mode,
                    "default_pool_size = " + (mode.equals("session") ? 50 : 4),
                    "max_client_conn = 200",
                    "log_connections = 0",
                    "log_disconnections = 0",
                    "log_stats = 0"));
            lines.addAll(List.of(settings));
            Path folder = Files.createTempDirectory("cloacina-pgbouncer");
            // It reads its configuration again as the user that it becomes.
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            Path configuration = Files.write(folder.resolve("pgbouncer.ini"), lines);
            List<String> command = new ArrayList<>(List.of(program.toString(), "-q"));
            if (System.getProperty("user.name").equals("root")) {
                // It refuses to run as root; its package brings this user.
                command.addAll(List.of("-u", "postgres"));
            }
            command.add(configuration.toString());
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            PgBouncer started = new PgBouncer(process, folder, port, database);
            if (started.listens()) {
                return Optional.of(started);
            }
            started.close();
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Whether it can be connected to; it ends at once if it cannot listen. */
    private boolean listens() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PROMPT_MILLIS);
        while (process.isAlive() && System.nanoTime() - deadline < 0) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PROMPT_MILLIS);
                return process.isAlive();
            } catch (IOException e) {
                LockSupport.parkNanos(5_000_000);
            }
        }
        return false;
    }
}
