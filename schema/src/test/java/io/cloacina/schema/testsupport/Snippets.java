package io.cloacina.schema.testsupport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The Java of a document and the Java of the program that it comes from. A document shows what is compiled and run: the text
 * between {@code // begin NAME} and {@code // end NAME} of a source, white space aside.
 */
public final class Snippets {
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private Snippets() {}

    /** The blocks of Java in a document of the project, white space folded. */
    public static List<String> inDocument(String document) throws IOException {
        String text = Files.readString(Path.of("..", document));
        return BLOCK.matcher(text)
                .results()
                .map((MatchResult block) -> folded(block.group(1)))
                .toList();
    }

    /** The marked part of a source of the module, white space folded. */
    public static String inSource(Class<?> source, String name) throws IOException {
        String file = source.getName().replace('.', '/') + ".java";
        String text = Files.readString(Path.of("src/test/java", file));
        String begin = "// begin " + name + "\n";
        int from = text.indexOf(begin);
        int to = text.indexOf("// end " + name);
        if (from < 0 || to < from) {
            throw new IllegalStateException(file + " has no part '" + name + "'");
        }
        return folded(text.substring(from + begin.length(), to));
    }

    private static String folded(String code) {
        return code.replaceAll("//[^\n]*", "").replaceAll("\\s+", "");
    }
}
