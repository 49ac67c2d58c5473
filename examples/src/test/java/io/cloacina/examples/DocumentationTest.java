package io.cloacina.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What the documentation shows is compiled and run: each paragraph of Java in it stands in a source of this build, white space and
 * comments aside; each example with a {@code main} is run by a test; each link leads somewhere.
 */
class DocumentationTest {
    private static final Path ROOT = Path.of("..");
    private static final Path EXAMPLES = Path.of("src", "main", "java", "io", "cloacina", "examples");
    private static final Path TESTS = Path.of("src", "test", "java", "io", "cloacina", "examples");
    private static final Pattern JAVA = Pattern.compile("^```java\\R(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>();
        try (Stream<Path> root = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            Stream.concat(root, docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .forEach(pages::add);
        }
        return pages;
    }

    @Test
    void every_paragraph_of_java_is_in_a_source_of_this_build() throws IOException {
        String sources = sources();
        int shown = 0;
        for (Path page : pages()) {
            for (String block : JAVA.matcher(read(page))
                    .results()
                    .map(found -> found.group(1))
                    .toList()) {
                shown++;
                for (String paragraph : block.split("\\R\\s*\\R", -1)) {
                    assertThat(sources.contains(folded(paragraph)))
                            .as("%s shows what no source has; show a piece of an example:%n%s", page, paragraph)
                            .isTrue();
                }
            }
        }
        assertThat(shown).isGreaterThan(30);
    }

    @Test
    void every_example_is_run() throws IOException {
        String tests;
        List<Path> programs;
        try (Stream<Path> files = Files.list(TESTS);
                Stream<Path> examples = Files.list(EXAMPLES)) {
            tests = files.filter(Files::isRegularFile)
                    .map(DocumentationTest::read)
                    .collect(Collectors.joining());
            programs = examples.filter(Files::isRegularFile)
                    .filter(file -> read(file).contains("static void main("))
                    .toList();
        }
        assertThat(programs).hasSizeGreaterThan(10).allSatisfy(program -> {
            String name = program.getFileName().toString().replace(".java", "");
            assertThat(tests).containsPattern(name + "(::main|\\.main\\(|\\.class\\.getName\\(\\))");
        });
    }

    @Test
    void every_link_leads_somewhere() throws IOException {
        for (Path page : pages()) {
            LINK.matcher(read(page))
                    .results()
                    .map(found -> found.group(1))
                    .forEach(link -> assertThat(page.resolveSibling(link))
                            .as("a link of %s", page)
                            .exists());
        }
    }

    private static String sources() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                    .toList()) {
                if (!Files.exists(module.resolve("src"))) {
                    continue;
                }
                try (Stream<Path> files = Files.walk(module.resolve("src"))) {
                    files.filter(file -> file.toString().endsWith(".java"))
                            .forEach(file -> all.append(folded(read(file))).append('\n'));
                }
            }
        }
        return all.toString();
    }

    private static String folded(String code) {
        return code.replaceAll("//[^\n]*", "").replaceAll("\\s+", "");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
