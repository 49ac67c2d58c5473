package io.cloacina.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.cloacina.api.CloacinaException;
import io.cloacina.api.Labeled;
import io.cloacina.processor.WorkflowProcessor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** The rules of the modules and packages, for all classes of the modules that are published. */
class ArchitectureTest {
    private static final int MAX_LINES = 400;

    private static final JavaClasses CLASSES = OurClasses.ALL;

    @Test
    void every_module_is_looked_at() {
        assertThat(CLASSES.stream().map(type -> type.getPackageName().split("\\.", -1)[2]))
                .contains("api", "cron", "processor", "schema", "engine", "server", "cli")
                .contains("testing", "micrometer", "opentelemetry", "spring");
    }

    @Test
    void the_api_needs_nothing_but_the_jdk() {
        classes()
                .that()
                .resideInAPackage("io.cloacina.api..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.cloacina.api..", "java..", "org.jspecify..")
                .check(CLASSES);
    }

    @Test
    void cron_needs_nothing_but_the_api() {
        classes()
                .that()
                .resideInAPackage("io.cloacina.cron..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.cloacina.cron..", "io.cloacina.api..", "java..", "org.jspecify..")
                .check(CLASSES);
    }

    /** It runs in the user's compiler, beside other processors: it brings no library along. */
    @Test
    void the_processor_needs_the_api_and_cron() {
        classes()
                .that()
                .resideInAPackage("io.cloacina.processor..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        WorkflowProcessor.class.getPackageName(),
                        "io.cloacina.api..",
                        "io.cloacina.cron..",
                        "java..",
                        "javax..",
                        "org.jspecify..")
                .check(CLASSES);
    }

    /** Of the API it knows the root of all errors, and the enumerations that its tables store. */
    @Test
    void the_schema_knows_no_workflows() {
        noClasses()
                .that()
                .resideInAPackage("io.cloacina.schema..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.cloacina.engine..", "io.cloacina.server..", "io.cloacina.cli..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.cloacina.schema..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.cloacina.api..")
                        .and(not(assignableTo(Labeled.class)))
                        .and(not(equivalentTo(CloacinaException.class))))
                .check(CLASSES);
    }

    @Test
    void the_engine_does_not_know_the_command_line() {
        noClasses()
                .that()
                .resideInAPackage("io.cloacina.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.cloacina.cli..", "io.cloacina.server..")
                .check(CLASSES);
    }

    /** What a page and a program of somebody else can do, an application can do by the same methods. */
    @Test
    void the_server_uses_only_what_is_public_in_the_engine() {
        noClasses()
                .that()
                .resideInAPackage("io.cloacina.server..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.cloacina.engine.internal..", "io.cloacina.cli..")
                .check(CLASSES);
    }

    /**
     * The user's connection and data source pass through the engine; nobody there calls them. Spring's connection is that of its
     * transaction, whose state only the connection knows.
     */
    @Test
    void only_the_schema_speaks_jdbc() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.cloacina.schema..", "io.cloacina.testing..", "io.cloacina.spring..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "java.sql..", "javax.sql..", "org.sqlite..", "org.postgresql..", "com.zaxxer..")
                        .and(not(belongToAnyOf(Connection.class, DataSource.class))))
                .orShould()
                .callMethodWhere(
                        target(owner(assignableTo(Connection.class))).or(target(owner(assignableTo(DataSource.class)))))
                .check(CLASSES);
    }

    @Test
    void the_packages_of_the_schema_stand_on_each_other() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("io.cloacina.schema..")
                .layer("type")
                .definedBy("io.cloacina.schema.type..")
                .layer("sql")
                .definedBy("io.cloacina.schema.sql..")
                .layer("tables")
                .definedBy("io.cloacina.schema.tables..")
                .layer("database")
                .definedBy("io.cloacina.schema.database..")
                .layer("migration")
                .definedBy("io.cloacina.schema.migration..")
                .layer("catalog")
                .definedBy("io.cloacina.schema.catalog..")
                .layer("copy")
                .definedBy("io.cloacina.schema.copy..")
                .whereLayer("copy")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("catalog")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("migration")
                .mayOnlyBeAccessedByLayers("catalog", "copy")
                .whereLayer("database")
                .mayOnlyBeAccessedByLayers("migration", "catalog", "copy")
                .whereLayer("tables")
                .mayOnlyBeAccessedByLayers("database", "migration", "catalog", "copy")
                .whereLayer("sql")
                .mayOnlyBeAccessedByLayers("tables", "database", "migration", "catalog", "copy")
                .check(CLASSES);
    }

    /** Each part of the engine uses only those before it; nothing but the engine itself uses them. */
    @Test
    void the_parts_of_the_engine_stand_on_each_other() {
        List<String> parts = List.of("host", "model", "json", "claim", "store", "write", "run", "packages");
        for (int part = 0; part < parts.size(); part++) {
            String[] later = parts.subList(part + 1, parts.size()).stream()
                    .map(ArchitectureTest::packageOf)
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(packageOf(parts.get(part)))
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(later).or(resideInAPackage("io.cloacina.engine")))
                    .check(CLASSES);
        }
        noClasses()
                .that()
                .resideOutsideOfPackage("io.cloacina.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.cloacina.engine.internal..")
                .check(CLASSES);
    }

    private static String packageOf(String part) {
        return part.equals("model") ? "io.cloacina.engine.model" : "io.cloacina.engine.internal." + part;
    }

    @Test
    void packages_depend_on_each_other_in_one_direction() {
        slices().matching("io.cloacina.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void only_the_command_line_writes_to_the_console() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.cloacina.cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(CLASSES);
    }

    @Test
    void nobody_logs_by_another_way_than_slf4j() {
        String[] others = {"java.util.logging..", "org.apache.logging..", "org.apache.commons.logging.."};
        noClasses().should().accessClassesThat().resideInAnyPackage(others).check(CLASSES);
        // A javax.sql.DataSource has to name the logger of its driver, which it returns and does not use.
        noClasses()
                .that()
                .doNotImplement(DataSource.class)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .check(CLASSES);
    }

    @Test
    void no_source_file_is_too_long_to_be_read() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(".."))) {
            List<Path> tooLong = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().replace('\\', '/').contains("/src/main/java/"))
                    .filter(file -> lines(file) > MAX_LINES)
                    .toList();

            assertThat(tooLong).isEmpty();
        }
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
