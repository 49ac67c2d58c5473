package io.cloacina.schema.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sqlite.SQLiteDataSource;

/** A driver that is not there, or whose native library cannot be loaded. */
@Timeout(120)
class DriversTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "sqlite-jdbc, sqlite::memory:, org.xerial:sqlite-jdbc",
        "sqlite-jdbc, app.db, org.xerial:sqlite-jdbc",
        "postgresql-42, postgresql://127.0.0.1:1/app, org.postgresql:postgresql",
        "HikariCP, jdbc:postgresql://127.0.0.1:1/app, com.zaxxer:HikariCP",
    })
    void a_jar_that_is_missing_is_named_each_time(String jar, String url, String dependency) throws Exception {
        try (URLClassLoader without = new URLClassLoader(classPathWithout(jar), ClassLoader.getPlatformClassLoader())) {
            Class<?> main = without.loadClass(Main.class.getName());
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> open(main, url))
                        .hasMessageContaining(" needs " + dependency + ", which is not on the class path");
            }
        }
    }

    @Test
    void one_database_needs_no_driver_of_the_other() throws Exception {
        try (URLClassLoader without = new URLClassLoader(
                classPathWithout("postgresql-42", "HikariCP"), ClassLoader.getPlatformClassLoader())) {
            // The library of the system is loaded once in a JVM: a URL that is read, and no more, is enough.
            Class<?> urls = without.loadClass(DatabaseUrl.class.getName());

            assertThat(urls.getMethod("parse", String.class).invoke(null, "sqlite:app.db"))
                    .hasToString("sqlite:app.db");
        }
    }

    private static void open(Class<?> main, String url) throws Throwable {
        try {
            main.getMethod("main", String[].class).invoke(null, (Object) new String[] {url});
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static URL[] classPathWithout(String... jars) throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            String name = Path.of(entry).getFileName().toString();
            if (Stream.of(jars).noneMatch(name::startsWith)) {
                urls.add(Path.of(entry).toUri().toURL());
            }
        }
        return urls.toArray(URL[]::new);
    }

    @Test
    void a_folder_for_temporary_files_that_is_none_is_named_with_the_setting() throws Exception {
        Path missing = folder.resolve("missing");
        Path file = Files.createFile(folder.resolve("file"));

        assertThat(saidIn("-Djava.io.tmpdir=" + missing))
                .contains(missing + " does not exist; name another folder with -Dorg.sqlite.tmpdir=FOLDER");
        assertThat(saidIn("-Djava.io.tmpdir=" + file)).contains(file + " is not a folder");
        assertThat(saidIn("-Djava.io.tmpdir=" + missing, "-Dorg.sqlite.tmpdir=" + folder))
                .as("a newer JVM warns of its own before it")
                .endsWith("opened opened ");
    }

    @Test
    void a_platform_that_the_driver_does_not_know_is_named() throws Exception {
        assertThat(saidIn("-Dos.arch=abacus"))
                .contains("has no native library for os.name=")
                .contains("os.arch=abacus");
    }

    @Test
    void a_folder_mounted_without_exec_is_named_with_the_setting() throws Exception {
        assumeTrue(
                new ProcessBuilder("unshare", "-m", "true")
                                .redirectErrorStream(true)
                                .start()
                                .waitFor()
                        == 0,
                "skipped: a folder can be mounted by root on Linux only");
        Path mounted = Files.createDirectory(folder.resolve("mounted"));
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "-m",
                "sh",
                "-c",
                "mount -t tmpfs -o noexec tmpfs \"$0\" && exec \"$@\"",
                mounted.toString()));
        command.addAll(java("-Djava.io.tmpdir=" + mounted));

        assertThat(said(command))
                .contains("the folder for temporary files, and " + mounted)
                .contains("mounted so that nothing in it can be run (noexec)")
                .contains("-Dorg.sqlite.tmpdir=FOLDER");
    }

    private static String saidIn(String... options) throws Exception {
        return said(java(options));
    }

    private static List<String> java(String... options) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=off"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Twice.class.getName()));
        return command;
    }

    private static String said(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    /** Opens what it is told to. */
    public static final class Main {
        private Main() {}

        public static void main(String[] urls) {
            Database.open(urls[0]).close();
        }
    }

    /** Opens a database twice, once more as a data source: says how it went. */
    static final class Twice {
        private Twice() {}

        public static void main(String[] arguments) {
            SQLiteDataSource source = new SQLiteDataSource();
            source.setUrl("jdbc:sqlite::memory:");
            try {
                Database.open("sqlite::memory:").close();
                System.out.print("opened ");
            } catch (DatabaseException e) {
                System.out.println(e.getMessage());
            }
            try {
                Database.open(source).close();
                System.out.print("opened ");
            } catch (DatabaseException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
