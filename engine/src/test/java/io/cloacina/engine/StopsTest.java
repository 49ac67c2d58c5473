package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The stops of a debugger that ARCHITECTURE.md lists are methods of the engine. */
class StopsTest {
    private static final Path MAIN = Path.of("src", "main", "java");
    private static final Pattern STOP = Pattern.compile("(\\d+) `((?:\\w+\\.)+)(\\w+)`");
    private static final int MOST = 35;

    @Test
    void each_stop_is_a_method_and_they_are_numbered_in_order() throws IOException {
        Map<String, String> classes = classes();
        List<Integer> numbers = new ArrayList<>();
        Matcher stop = STOP.matcher(list());
        while (stop.find()) {
            numbers.add(Integer.parseInt(stop.group(1)));
            assertThat(methods(classes, stop.group(2).replaceFirst("\\.$", "")))
                    .as(stop.group())
                    .contains(stop.group(3));
        }

        assertThat(numbers)
                .isEqualTo(IntStream.rangeClosed(1, numbers.size()).boxed().toList())
                .hasSizeBetween(2, MOST);
    }

    private static String list() throws IOException {
        String text = Files.readString(Path.of("..", "ARCHITECTURE.md"));
        String from = text.substring(text.indexOf("The stops of a debugger"));
        return from.substring(0, from.lastIndexOf("|\n", from.indexOf("`WriteLanes.committed` is where")));
    }

    private static List<String> methods(Map<String, String> classes, String name) {
        String outer = name.replaceFirst("\\..*", "");
        assertThat(classes).containsKey(outer);
        try {
            Class<?> type = Class.forName(
                    classes.get(outer) + name.substring(outer.length()).replace('.', '$'));
            return Stream.of(type.getDeclaredMethods()).map(Method::getName).toList();
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    /** The full names of the engine's classes by their simple names. */
    private static Map<String, String> classes() throws IOException {
        Map<String, String> classes = new HashMap<>();
        try (Stream<Path> files = Files.walk(MAIN)) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .map(file -> MAIN.relativize(file).toString().replaceFirst("\\.java$", ""))
                    .map(file -> file.replace('/', '.').replace('\\', '.'))
                    .forEach(name -> classes.put(name.substring(name.lastIndexOf('.') + 1), name));
        }
        return classes;
    }
}
