package io.cloacina.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The pom that the documentation shows, with its program, built by the Maven that runs this build, in repositories of its own. */
@Timeout(300)
class DocumentedPomIT {
    private static final Path ROOT = Path.of("..");
    private static final Path PAGE = ROOT.resolve(Path.of("docs", "tutorials", "1-first-workflow.md"));
    private static final Path PROGRAM = Path.of("src", "main", "java", "io", "cloacina", "examples", "SignUp.java");
    private static final Pattern POM =
            Pattern.compile("^```xml\\R(<project.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern COMPILER =
            Pattern.compile("<artifactId>maven-compiler-plugin</artifactId>\\s*<version>([^<]*)</version>");
    private static final Pattern PROCESSOR_PATH =
            Pattern.compile("<plugin>(?:(?!</plugin>).)*<annotationProcessorPaths>.*?</plugin>", Pattern.DOTALL);

    @TempDir
    private Path folder;

    @Test
    void the_project_of_the_first_tutorial_is_built_and_runs() throws IOException, InterruptedException {
        Matcher shown = POM.matcher(Files.readString(PAGE));
        assertThat(shown.find()).as("%s shows a complete pom", PAGE).isTrue();
        Path project = Files.createDirectory(folder.resolve("project"));
        Files.writeString(project.resolve("pom.xml"), shown.group(1));
        Files.createDirectories(project.resolve(PROGRAM).getParent());
        Files.copy(ROOT.resolve("examples").resolve(PROGRAM), project.resolve(PROGRAM));

        Ended built = new Project(project, folder).maven("compile");
        assertThat(built.code()).as(built.said()).isZero();
        assertThat(project.resolve("target/classes/META-INF/services/io.cloacina.api.WorkflowProvider"))
                .as("what the processor wrote")
                .exists();

        Ended ran = ClassPath.own()
                .with(project.resolve("target/classes"))
                .java("io.cloacina.examples.SignUp", "sqlite:" + folder.resolve("app.db"), "ada@example.org");
        assertThat(ran.said()).endsWith("Completed\n");
    }

    /** Maven 3.8 takes version 3.1 where none is named, which passes over the path of processors and says nothing. */
    @Test
    void every_page_that_shows_a_path_of_processors_names_the_version_of_the_compiler_plugin() throws IOException {
        try (Stream<Path> pages = Files.walk(ROOT.resolve("docs"))) {
            List<String> plugins = pages.filter(page -> page.toString().endsWith(".md"))
                    .flatMap(
                            page -> PROCESSOR_PATH.matcher(read(page)).results().map(found -> page + found.group()))
                    .toList();

            assertThat(plugins).hasSizeGreaterThan(2).allSatisfy(plugin -> {
                Matcher named = COMPILER.matcher(plugin);
                assertThat(named.find()).as(plugin).isTrue();
                assertThat(named.group(1)).isEqualTo(ClassPath.setting("compiler.version"));
            });
        }
    }

    private static String read(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
