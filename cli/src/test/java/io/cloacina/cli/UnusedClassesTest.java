package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each class of ours is needed: by users, by whoever finds it by its name, or by another class that is needed. */
class UnusedClassesTest {
    private static final Pattern EXPORTS = Pattern.compile("exports ([\\w.]+);");

    /** The packages for users of the modules that declare no exports. */
    private static final Set<String> WITHOUT_EXPORTS = Set.of(
            "io.cloacina.micrometer",
            "io.cloacina.opentelemetry",
            "io.cloacina.server",
            "io.cloacina.spring",
            "io.cloacina.testing");

    /** What is found by its name: classes, or packages with a dot at the end; and who finds it. */
    private static final Map<String, String> FOUND_BY_NAME = new TreeMap<>(Map.of(
            "cli.Main", "the manifest of the jar names it",
            "cli.ClassArchive", "the script ./cloacina starts it",
            "cli.demo.FolderReportDefinition", "Providers makes its name of the name of FolderReport",
            "cli.demo.FolderReportClient", "the processor writes one for each workflow, needed or not",
            "processor.WorkflowProcessor", "a file in META-INF/services names it for the compiler",
            "server.templates.", "View makes their names of those of the pages",
            "spring.CloacinaFailureAnalyzer", "META-INF/spring.factories names it for Spring Boot",
            "spring.CloacinaHints", "META-INF/spring/aot.factories names it for Spring's compiler of native images"));

    @Test
    void each_class_is_needed_by_users_by_its_name_or_by_another_one() throws IOException {
        Map<String, Set<String>> dependencies = OurClasses.dependencies();
        Set<String> forUsers = forUsers();
        Set<String> roots = new HashSet<>(forUsers);
        dependencies.keySet().stream().filter(UnusedClassesTest::isFoundByName).forEach(roots::add);

        Set<String> left = new TreeSet<>(dependencies.keySet());
        left.removeAll(roots);
        left.removeAll(OurClasses.reachable(roots, dependencies));
        left.removeIf(name -> name.endsWith("package-info"));

        assertThat(left)
                .as("nothing needs these classes: delete them, or name who finds them by their names;"
                        + " if they are deleted, mvn clean removes what was compiled of them")
                .isEmpty();
    }

    @Test
    void what_is_found_by_its_name_exists_and_is_not_needed_by_another_class() throws IOException {
        Map<String, Set<String>> dependencies = OurClasses.dependencies();
        Set<String> forUsers = forUsers();
        Set<String> needed = OurClasses.reachable(forUsers, dependencies);

        assertThat(FOUND_BY_NAME.keySet())
                .allSatisfy(found -> assertThat(dependencies.keySet())
                        .as(found)
                        .anyMatch(
                                name -> isFoundBy(found, name) && !needed.contains(name) && !forUsers.contains(name)));
    }

    private static boolean isFoundByName(String name) {
        return FOUND_BY_NAME.keySet().stream().anyMatch(found -> isFoundBy(found, name));
    }

    private static boolean isFoundBy(String found, String name) {
        return found.endsWith(".") ? name.startsWith(found) : name.equals(found);
    }

    /** The public classes of the packages that users may see. */
    private static Set<String> forUsers() throws IOException {
        Set<String> packages = new HashSet<>(WITHOUT_EXPORTS);
        packages.addAll(exported());
        return OurClasses.ALL.stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(type -> packages.contains(type.getPackageName()))
                .map(OurClasses::outermost)
                .collect(Collectors.toSet());
    }

    private static Set<String> exported() throws IOException {
        Set<String> exported = new HashSet<>();
        try (Stream<Path> folders = Files.list(Path.of(".."))) {
            List<Path> declarations = folders.map(folder -> folder.resolve("src/main/module/module-info.java"))
                    .filter(Files::exists)
                    .toList();
            for (Path declaration : declarations) {
                EXPORTS.matcher(Files.readString(declaration)).results().forEach(each -> exported.add(each.group(1)));
            }
        }
        assertThat(exported).contains("io.cloacina.api", "io.cloacina.engine");
        return exported;
    }
}
