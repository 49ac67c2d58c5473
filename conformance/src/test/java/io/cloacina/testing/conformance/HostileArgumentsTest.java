package io.cloacina.testing.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.CloacinaException;
import io.cloacina.api.WorkflowDefinition;
import io.cloacina.cron.CronExpression;
import io.cloacina.engine.Engine;
import io.cloacina.engine.model.Execution;
import io.cloacina.schema.database.DatabaseException;
import io.cloacina.schema.database.ErrorKind;
import io.cloacina.schema.type.Backend;
import io.cloacina.testing.DatabaseTest;
import io.cloacina.testing.TestDatabase;
import io.cloacina.testing.TestEngine;
import java.io.IOException;
import java.lang.reflect.Executable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Whatever is given to a public method: it works, and what it stored can be read and run, or it says what is wrong with an error
 * of the library, and nothing is stored.
 */
class HostileArgumentsTest {
    private static final Path ERRORS = Path.of("..", "docs", "reference", "errors.md");
    private static final Pattern CODE = Pattern.compile("(?m)^\\| `([A-Z_]+)` \\|");
    private static final int LONGEST_MESSAGE = 3_000;

    /** That the database cannot be opened or used; what is wrong with a value is never left to the database. */
    private static final Set<ErrorKind> OF_DATABASES =
            Set.of(ErrorKind.URL, ErrorKind.CONNECTION, ErrorKind.PERMISSION, ErrorKind.READ_ONLY, ErrorKind.STATEMENT);

    private final Map<String, Executable> surface = PublicSurface.of(
            WorkflowDefinition.class, CronExpression.class, Engine.class, Execution.class, TestEngine.class);

    @Test
    void every_public_method_has_a_row() {
        try (TestDatabase database = TestDatabase.create(Backend.SQLITE);
                Trial trial = new Trial(database)) {
            assertThat(new ArgumentTable(trial).rows().keySet())
                    .as("the rows of ArgumentTable: one for each public method that takes something")
                    .containsExactlyInAnyOrderElementsOf(surface.keySet().stream()
                            .filter(signature -> !ArgumentTable.isExempt(signature))
                            .toList());
        }
    }

    @DatabaseTest
    void every_public_method_works_or_says_what_is_wrong(TestDatabase database) throws Exception {
        Set<String> codes = codes();
        List<String> wrong = new ArrayList<>();
        try (Trial trial = new Trial(database)) {
            Map<String, ArgumentTable.Row> rows = new ArgumentTable(trial).rows();
            for (Map.Entry<String, Executable> each : surface.entrySet()) {
                ArgumentTable.Row row = rows.get(each.getKey());
                if (row != null) {
                    tryAll(trial, each.getKey(), each.getValue(), row, codes, wrong);
                    trial.assertWorks();
                }
            }
            trial.readAll();
        }
        assertThat(wrong.stream().limit(40).collect(Collectors.joining("\n"))).isEmpty();
    }

    private static Set<String> codes() throws IOException {
        return CODE.matcher(Files.readString(ERRORS))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static void tryAll(
            Trial trial,
            String signature,
            Executable method,
            ArgumentTable.Row row,
            Set<String> codes,
            List<String> wrong)
            throws Exception {
        Object[] benign = row.arguments().get();
        trial.giveBack();
        for (int i = 0; i < benign.length; i++) {
            for (Object hostile : HostileValues.of(method.getParameterTypes()[i], benign[i])) {
                @Nullable Object[] arguments = row.arguments().get();
                arguments = Arrays.copyOf(arguments, arguments.length, Object[].class);
                arguments[i] = hostile;
                String problem = problem(trial, method, row, arguments, codes);
                if (problem != null) {
                    wrong.add(signature + ", argument " + i + " = " + shown(hostile) + ": " + problem);
                }
            }
        }
    }

    /** Null if all is as it should be. */
    private static @Nullable String problem(
            Trial trial, Executable method, ArgumentTable.Row row, @Nullable Object[] arguments, Set<String> codes)
            throws Exception {
        Object receiver = row.receiver().get();
        String before = row.body() == null ? trial.stored() : "";
        Trial.Outcome outcome = trial.call(method, row, receiver, arguments);
        trial.giveBack();
        Throwable thrown = outcome.thrown();
        if (thrown == null) {
            try {
                trial.use(outcome.returned());
                return null;
            } catch (RuntimeException | AssertionError e) { // told as wrong if it is not the right one
                return problem(e, method, codes);
            }
        }
        String after = row.body() == null ? trial.stored() : "";
        return before.equals(after) ? problem(thrown, method, codes) : "stored something, and threw " + shown(thrown);
    }

    private static @Nullable String problem(Throwable thrown, Executable method, Set<String> codes) {
        boolean isOurs = thrown instanceof DatabaseException of
                ? OF_DATABASES.contains(of.kind())
                : thrown instanceof CloacinaException e && codes.contains(e.code());
        boolean isOfAssertions = thrown instanceof AssertionError
                && method.getDeclaringClass().getPackageName().equals(TestEngine.class.getPackageName());
        if (!isOurs && !isOfAssertions && !(thrown instanceof HostileValues.OwnException)) {
            return "threw " + thrown.getClass().getName() + ": " + shown(thrown.getMessage());
        }
        return isOurs ? problem(String.valueOf(thrown.getMessage())) : null;
    }

    private static @Nullable String problem(String message) {
        if (message.length() > LONGEST_MESSAGE) {
            return "has a message of " + message.length() + " characters: " + shown(message);
        }
        return message.codePoints()
                        .allMatch(c -> c == '\n'
                                || (!Character.isISOControl(c)
                                        && (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)))
                ? null
                : "has a message that cannot be shown: " + shown(message);
    }

    private static String shown(@Nullable Object value) {
        String text = value instanceof Object[] array
                ? "array of " + array.length
                : value instanceof Collection<?> list
                        ? "list of " + list.size()
                        : value instanceof Map<?, ?> map ? "map of " + map.keySet() : String.valueOf(value);
        String cut = text.length() > 80 ? text.substring(0, 80) + "… (" + text.length() + ")" : text;
        return cut.replace("\0", "\\0").replace("\n", "\\n").replaceAll("[\ud800-\udfff]", "?");
    }
}
