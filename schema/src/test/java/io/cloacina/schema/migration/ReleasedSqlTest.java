package io.cloacina.schema.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.type.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The SQL of every version, as it is run, is kept in {@code src/test/resources}. A version that was released never changes: a
 * database that has it would be refused. Say in the definition what comes later ({@code addedIn}, {@code valuesAddedIn},
 * {@code removedIn}) and add a version. The file of a version that was not released yet is written anew by
 * {@code mvn -pl schema test -Dtest=ReleasedSqlTest -Dgolden.update=true}.
 */
class ReleasedSqlTest {
    private static final Path FOLDER = Path.of("src/test/resources/io/cloacina/schema/migration");

    @Test
    void the_sql_of_every_version_is_what_was_released() throws IOException {
        List<String> differing = new ArrayList<>();
        for (Migration migration : CloacinaMigrations.ALL.all()) {
            for (Backend backend : Backend.values()) {
                Path file = FOLDER.resolve(fileName(migration, backend));
                String now = migration.script(Dialect.of(backend));
                if (Boolean.getBoolean("golden.update")) {
                    Files.createDirectories(FOLDER);
                    Files.writeString(file, now);
                } else if (!Files.exists(file) || !Files.readString(file).equals(now)) {
                    differing.add(file.toString());
                }
            }
        }
        assertThat(differing)
                .as("a released version never changes; for one that is not released yet write the file anew with"
                        + " -Dgolden.update=true")
                .isEmpty();
    }

    /** A database that has a version is recognised by them, so that a start renders nothing. */
    @Test
    void every_version_records_the_checksums_of_its_sql() {
        for (Migration migration : CloacinaMigrations.ALL.all()) {
            String sqlite = Migration.checksum(migration.statements(Dialect.of(Backend.SQLITE)));
            String postgres = Migration.checksum(migration.statements(Dialect.of(Backend.POSTGRES)));
            assertThat(List.of(
                            migration.checksum(Dialect.of(Backend.SQLITE)),
                            migration.checksum(Dialect.of(Backend.POSTGRES))))
                    .as(
                            "a released version never changes; one that is not released yet says in CloacinaMigrations"
                                    + " .recorded(\"%s\", \"%s\")",
                            sqlite, postgres)
                    .containsExactly(sqlite, postgres);
        }
    }

    @Test
    void there_is_no_file_of_a_version_that_is_gone() throws IOException {
        List<String> expected = CloacinaMigrations.ALL.all().stream()
                .flatMap(migration -> Stream.of(Backend.values()).map(backend -> fileName(migration, backend)))
                .toList();
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    private static String fileName(Migration migration, Backend backend) {
        return "V" + migration.version() + "." + backend.label() + ".sql";
    }
}
