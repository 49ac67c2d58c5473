package io.cloacina.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a project gets with the engine and with the support for its tests, as its Maven resolves it. */
@Timeout(300)
class TransitiveDependenciesIT {
    private static final Pattern ARTIFACT = Pattern.compile("([\\w.-]+:[\\w.-]+):jar:[^:\\s]+:(compile|runtime|test)");

    @TempDir
    private Path folder;

    @Test
    void a_project_gets_few_libraries_with_the_engine_and_no_junit_with_the_support_for_tests()
            throws IOException, InterruptedException {
        Path project = Files.createDirectory(folder.resolve("project"));
        Files.writeString(project.resolve("pom.xml"), Files.readString(Path.of("src/test/resources/start/tested.xml")));
        Path list = folder.resolve("list.txt");

        Ended listed = new Project(project, folder)
                .maven(
                        "org.apache.maven.plugins:maven-dependency-plugin:"
                                + ClassPath.setting("dependency-plugin.version") + ":list",
                        "-DoutputFile=" + list);

        assertThat(listed.code()).as(listed.said()).isZero();
        String said = Files.readString(list);
        assertThat(artifacts(said, false))
                .containsExactlyInAnyOrder(
                        "io.cloacina:cloacina-api",
                        "io.cloacina:cloacina-cron",
                        "io.cloacina:cloacina-engine",
                        "io.cloacina:cloacina-schema",
                        "com.fasterxml.jackson.core:jackson-annotations",
                        "com.fasterxml.jackson.core:jackson-core",
                        "com.fasterxml.jackson.core:jackson-databind",
                        "com.fasterxml.jackson.datatype:jackson-datatype-jdk8",
                        "com.fasterxml.jackson.datatype:jackson-datatype-jsr310",
                        "com.zaxxer:HikariCP",
                        "org.checkerframework:checker-qual", // of the PostgreSQL driver
                        "org.jspecify:jspecify",
                        "org.postgresql:postgresql",
                        "org.slf4j:slf4j-api",
                        "org.xerial:sqlite-jdbc");
        assertThat(artifacts(said, true))
                .containsExactlyInAnyOrder(
                        "io.cloacina:cloacina-testing", "net.bytebuddy:byte-buddy", "org.assertj:assertj-core");
    }

    private static List<String> artifacts(String listed, boolean forTests) {
        Matcher found = ARTIFACT.matcher(listed);
        return found.results()
                .filter(artifact -> artifact.group(2).equals("test") == forTests)
                .map(artifact -> artifact.group(1))
                .toList();
    }
}
