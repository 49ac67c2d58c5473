package io.cloacina.schema.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.schema.testsupport.TestDatabase;
import io.cloacina.schema.type.Backend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connects by names that a hosts file of a JVM of its own knows. */
@Timeout(120)
class HostNamesTest {
    @TempDir
    private Path folder;

    @Test
    void hosts_are_found_by_all_names_that_they_may_have() throws Exception {
        Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 db_1 _db-2_.my_net xn--bcher-kva.example\n");
        try (TestDatabase test = TestDatabase.create(Backend.POSTGRES)) {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx64m",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Djdk.net.hosts.file=" + hosts,
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Main.class.getName()));
            for (String host : List.of("db_1", "_db-2_.my_net", "b%C3%BCcher.example")) {
                command.add(test.url().replace("127.0.0.1", host));
            }
            String port = test.url().replaceAll(".*:(\\d+)/.*", "$1");
            command.add(test.url().replace("127.0.0.1", "db_1:1,_db-2_.my_net"));
            assertThat(command.get(command.size() - 1)).contains(":1,").contains(":" + port + "/");

            Process process = new ProcessBuilder(command).inheritIO().start();

            assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        }
    }

    /** The other process: ends with an error if it cannot open one of them. */
    static final class Main {
        private Main() {}

        public static void main(String[] urls) {
            for (String url : urls) {
                Database.open(url).close();
            }
        }
    }
}
