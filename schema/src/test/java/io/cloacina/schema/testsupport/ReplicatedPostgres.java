package io.cloacina.schema.testsupport;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A PostgreSQL with a synchronous standby, which can lose its primary and continue with the standby. The embedded
 * server lacks {@code pg_basebackup}, so this takes an installed one; where there is none, the test is skipped and says
 * so: {@code apt-get install postgresql} brings it to Debian.
 */
public final class ReplicatedPostgres implements AutoCloseable {
    private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
    private static final long PROMPT_SECONDS = 60;

    private final Path programs;
    private final Path folder;
    private final int primaryPort;
    private final int standbyPort;

    private ReplicatedPostgres(Path programs, Path folder) throws IOException {
        this.programs = programs;
        this.folder = folder;
        try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            this.primaryPort = one.getLocalPort();
            this.standbyPort = other.getLocalPort();
        }
    }

    /** Starts both; a commit on the primary waits for the standby. */
    public static ReplicatedPostgres start() {
        Optional<Path> programs = programs();
        assumeTrue(programs.isPresent(), "skipped: no PostgreSQL with pg_basebackup is installed here");
        try {
            Path folder = Files.createTempDirectory("cloacina-replicated");
            if (isRoot()) {
                // The server refuses to run as root; its package brings this user.
                Files.setOwner(
                        folder,
                        folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres"));
            }
            ReplicatedPostgres made = new ReplicatedPostgres(programs.orElseThrow(), folder);
            Runtime.getRuntime().addShutdownHook(new Thread(made::close));
            made.begin();
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void begin() throws IOException {
        run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync", "-D", primary());
        startServer(primary(), primaryPort);
        run(
                "pg_basebackup",
                "-h",
                "127.0.0.1",
                "-p",
                String.valueOf(primaryPort),
                "-U",
                "postgres",
                "-c",
                "fast",
                "-X",
                "stream",
                "--no-sync",
                "-R",
                "-D",
                standby());
        startServer(standby(), standbyPort);
        try (Connection connection = DriverManager.getConnection(jdbcUrl(primaryPort));
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER SYSTEM SET synchronous_standby_names = '*'");
            statement.execute("SELECT pg_reload_conf()");
            while (!isSynchronous(statement)) {
                LockSupport.parkNanos(5_000_000);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isSynchronous(Statement statement) throws SQLException {
        try (ResultSet answer =
                statement.executeQuery("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'")) {
            return answer.next() && answer.getLong(1) == 1;
        }
    }

    /** The URL with both, of which the primary is taken, whichever that is. */
    public String url() {
        // How long the driver believes that the standby is one; its default is ten seconds.
        return "postgresql://postgres@127.0.0.1:" + primaryPort + ",127.0.0.1:" + standbyPort
                + "/postgres?targetServerType=primary&hostRecheckSeconds=1";
    }

    /** A connection to the primary that is killed. */
    public Connection primaryConnection() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(primaryPort));
    }

    /** A connection to the standby, which is the primary after {@link #promote}. */
    public Connection standbyConnection() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(standbyPort));
    }

    /** The primary ends at once, as in a crash: what it was doing is not finished, and every connection breaks. */
    public void killPrimary() {
        run("pg_ctl", "stop", "-m", "immediate", "-w", "-D", primary());
    }

    /** The standby becomes the primary; returns when it takes writes. */
    public void promote() {
        run("pg_ctl", "promote", "-w", "-D", standby());
    }

    /** Ends both and removes their files. */
    @Override
    public void close() {
        for (String each : List.of(primary(), standby())) {
            if (Files.exists(Path.of(each, "postmaster.pid"))) {
                run("pg_ctl", "stop", "-m", "immediate", "-w", "-D", each);
            }
        }
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void startServer(String data, int port) {
        // Nobody pulls the plug: what a server has written survives its process without fsync.
        String settings = "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
                + " -c max_wal_senders=4 -c max_connections=60 -c shared_buffers=32MB";
        run("pg_ctl", "start", "-w", "-D", data, "-l", data + ".log", "-o", settings);
    }

    private void run(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        Path output = folder.resolve(program + ".out");
        try {
            // The server keeps what it is given, so this must not be a pipe that somebody reads to its end.
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(PROMPT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(command + " does not end");
            }
            if (process.exitValue() != 0) {
                throw new IllegalStateException(command + " failed: " + Files.readString(output));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String primary() {
        return folder.resolve("primary").toString();
    }

    private String standby() {
        return folder.resolve("standby").toString();
    }

    private static String jdbcUrl(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static Optional<Path> programs() {
        if (!Files.isDirectory(INSTALLED)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(INSTALLED)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(programs -> Files.isExecutable(programs.resolve("pg_basebackup"))
                            && Files.isExecutable(programs.resolve("initdb")))
                    .max(Comparator.naturalOrder());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
