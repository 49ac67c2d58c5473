package io.cloacina.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every piece of Java in the tutorial is in an example, apart from white space. */
class TutorialTest {
    private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @Test
    void every_piece_of_the_tutorial_is_in_an_example() throws IOException {
        String examples;
        try (var files = Files.list(Path.of("src/main/java/io/cloacina/examples"))) {
            examples = files.map(TutorialTest::read).map(TutorialTest::squeezed).collect(Collectors.joining("\n"));
        }
        var pieces = JAVA.matcher(Files.readString(Path.of("..", "docs", "tutorial.md")))
                .results()
                .map(piece -> piece.group(1))
                .toList();
        assertThat(pieces)
                .hasSizeGreaterThan(8)
                .allSatisfy(piece -> assertThat(examples).as(piece).contains(squeezed(piece)));
    }

    @Test
    void the_class_in_the_readme_is_an_example() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        assertThat(JAVA.matcher(readme).results().map(piece -> squeezed(piece.group(1))))
                .anyMatch(piece -> piece.contains("@Workflow")
                        && squeezed(read(Path.of("src/main/java/io/cloacina/examples/Expenses.java")))
                                .contains(piece));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String squeezed(String code) {
        return code.replaceAll("\\s+", "");
    }
}
