package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Comments, messages, help texts and pages use plain English: a few private phrases are refused, which a reader who does
 * not know this project would stumble over. The list has only phrases that are never right here.
 */
class WordsTest {
    private static final Path ROOT = Path.of("..");

    /** What may not be written, and what to write instead. */
    private enum Words {
        UNLESS_SAID("unless said", "by default, or Default: 15 s"),
        FOR_EVER("for ever", "forever"),
        CLOCK_ON_THE_WALL("clocks? on the wall", "wall-clock time, or local time"),
        MADE_ANEW("made anew", "recreated"),
        BEGUN_AGAIN("begun again", "retried"),
        GOES_ON("goes on", "continues"),
        LESS_TIMES("less times", "fewer times"),
        IS_NO("(?<!there )is no (?!longer\\b|more\\b|less\\b|one\\b)", "is not a");

        private final Pattern pattern;
        private final String instead;

        Words(String refused, String instead) {
            this.pattern = Pattern.compile(
                    "\\b" + refused.replace(" ", "[\\s*/]{1,60}") + (refused.endsWith(")") ? "" : "\\b"),
                    Pattern.CASE_INSENSITIVE);
            this.instead = instead;
        }
    }

    /** Each place as {@code file:line: 'words': write instead}. Phrases are found across the ends of lines, too. */
    static List<String> refused(String file, String text) {
        List<String> found = new ArrayList<>();
        for (Words words : Words.values()) {
            Matcher matcher = words.pattern.matcher(text);
            while (matcher.find()) {
                long line = text.substring(0, matcher.start()).lines().count();
                found.add("%s:%d: '%s': write '%s'"
                        .formatted(file, Math.max(1, line), matcher.group().strip(), words.instead));
            }
        }
        return found;
    }

    @Test
    void main_code_and_pages_have_none_of_the_refused_words() throws IOException {
        List<String> found = new ArrayList<>();
        int files = 0;
        try (Stream<Path> all = Files.walk(ROOT)) {
            for (Path file : all.filter(WordsTest::isRead).sorted().toList()) {
                found.addAll(refused(ROOT.relativize(file).toString(), Files.readString(file)));
                files++;
            }
        }

        assertThat(files).as("files that were read").isGreaterThan(400);
        assertThat(found).isEmpty();
    }

    private static boolean isRead(Path file) {
        String name = ROOT.relativize(file).toString().replace('\\', '/');
        boolean isBuilt = name.startsWith(".") || name.contains("target/") || name.contains("node_modules/");
        return !isBuilt && (name.endsWith(".md") || (name.endsWith(".java") && name.contains("/src/main/")));
    }

    @Test
    void a_refused_phrase_is_named_with_its_line_and_what_to_write() {
        assertThat(refused("A.java", "/** One.\n * This is no\n * setting, and it goes on. */"))
                .containsExactly("A.java:3: 'goes on': write 'continues'", "A.java:2: 'is no\n *': write 'is not a'");
    }

    @Test
    void harmless_phrases_are_not_refused() {
        assertThat(refused("A.java", "There is no task; it is no longer there, is no more, is no less, is not one."))
                .isEmpty();
    }
}
