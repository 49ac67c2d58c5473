package io.cloacina.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class MessageTest {
    @TempDir
    Path output;

    /**
     * A source that has one problem.
     *
     * @param source in which the line of the problem has the mark
     */
    record Wrong(Message message, String expected, String source) {
        static final String MARK = "/*!*/";

        /** The imports are the first. */
        long line() {
            return 2
                    + source.substring(0, source.indexOf(MARK))
                            .chars()
                            .filter(c -> c == '\n')
                            .count();
        }

        @Override
        public String toString() {
            return message + ": " + expected;
        }
    }

    static final List<Wrong> WRONG = Stream.of(
                    MessageCases.ofClasses(),
                    MessageCases.ofMethods(),
                    MessageCases.ofSettings(),
                    MessageCases.ofInputs(),
                    MessageCases.ofOutputs(),
                    MessageCases.ofRules())
            .flatMap(List::stream)
            .toList();

    @ParameterizedTest
    @FieldSource("WRONG")
    void a_problem_is_reported_where_it_stands(Wrong wrong) {
        Compilation compilation = Compilation.of(output, Compilation.inPackage(wrong.source()));

        assertThat(compilation.problems()).singleElement().asString().startsWith(wrong.line() + ": ");
        assertThat(compilation.problems().get(0)).contains(wrong.expected());
        assertThat(compilation.services()).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void every_message_is_tested() {
        EnumSet<Message> tested = EnumSet.noneOf(Message.class);
        WRONG.forEach(wrong -> tested.add(wrong.message()));
        tested.add(Message.CLIENT_NAME_TAKEN); // a warning, by ClientTest

        assertThat(tested).containsExactlyInAnyOrderElementsOf(Arrays.asList(Message.values()));
    }
}
