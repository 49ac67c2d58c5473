package io.cloacina.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The ten minutes of the how-to for Spring Boot, followed by a stranger: a project as start.spring.io makes it, with what the page
 * adds. The test that start.spring.io has put into it starts the application.
 */
@Timeout(600)
class DocumentedSpringIT {
    private static final Path ROOT = Path.of("..");
    private static final Path PAGE = ROOT.resolve(Path.of("docs", "how-to", "spring-boot.md"));
    private static final Path EXAMPLE = ROOT.resolve(Path.of("example-orders-jdbc", "src", "main"));
    private static final Path SOURCES = Path.of("src", "main", "java", "com", "example", "orders");
    private static final Path RESOURCES = Path.of("src", "main", "resources");

    @TempDir
    private Path folder;

    /** The line of Spring Boot and its starter; the older one with all versions only, see CONTRIBUTING.md. */
    private static Stream<Arguments> lines() {
        Arguments current = Arguments.of("4", "cloacina-spring-boot-starter");
        return Boolean.getBoolean("cloacina.versions.all")
                ? Stream.of(current, Arguments.of("3", "cloacina-spring-boot-3-starter"))
                : Stream.of(current);
    }

    @ParameterizedTest
    @MethodSource("lines")
    void the_project_of_the_how_to_is_built_and_starts(String line, String starter)
            throws IOException, InterruptedException {
        String page = Files.readString(PAGE);
        List<String> xml = blocks(page, "xml");
        Path project = Files.createDirectory(folder.resolve("project"));
        Files.writeString(
                project.resolve("pom.xml"),
                Files.readString(Path.of("src/test/resources/start/boot-" + line + ".xml"))
                        .replace(
                                "</dependencies>",
                                xml.get(0)
                                        + xml.get(1)
                                                .replace(
                                                        "<artifactId>cloacina-spring-boot-starter<",
                                                        "<artifactId>" + starter + "<")
                                        + "</dependencies>")
                        .replace("</plugins>", xml.get(2) + "</plugins>"));
        Path resources = Files.createDirectories(project.resolve(RESOURCES).resolve("db/migration"));
        Files.writeString(
                resources.resolve("V1__orders.sql"), blocks(page, "sql").get(0));
        Files.writeString(
                project.resolve(RESOURCES).resolve("application.properties"),
                blocks(page, "properties").get(0));
        Path sources = Files.createDirectories(project.resolve(SOURCES));
        for (String source : List.of("OrdersApplication", "OrderWorkflow", "Card", "OrderController")) {
            Files.copy(
                    EXAMPLE.resolve("java/com/example/orders").resolve(source + ".java"),
                    sources.resolve(source + ".java"));
        }
        Path tests = Files.createDirectories(project.resolve("src/test/java/com/example/orders"));
        Files.copy(
                Path.of("src/test/resources/start/OrdersApplicationTests.txt"),
                tests.resolve("OrdersApplicationTests.java"));

        Ended built = new Project(project, folder).maven("package");

        assertThat(built.code()).as(built.said()).isZero();
        assertThat(project.resolve("target/surefire-reports/com.example.orders.OrdersApplicationTests.txt"))
                .content()
                .contains("Tests run: 1, Failures: 0");
        assertThat(built.said())
                .as("the workflow was found, and the engine took the database of the page")
                .containsPattern("started Cloacina .*orders\\.db of the data source: .* workflows order@");
    }

    /** Those of a language, in the order of the page. */
    private static List<String> blocks(String page, String language) {
        return Pattern.compile("^ *```" + language + "\\R(.*?)^ *```", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(page)
                .results()
                .map(found -> found.group(1))
                .toList();
    }
}
