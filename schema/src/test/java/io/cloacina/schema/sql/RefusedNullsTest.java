package io.cloacina.schema.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.CloacinaException;
import io.cloacina.schema.sql.BenignCalls.Prepared;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever public method of this module is given null: it says so with an error of this library, before it has any effect,
 * so that the same call without null works afterwards.
 */
class RefusedNullsTest {
    private static final Path ERRORS = Path.of("..", "docs", "reference", "errors.md");
    private static final Pattern CODE = Pattern.compile("(?m)^\\| `([A-Z_]+)` \\|");

    /** Methods that may be given null, or are not called by applications, and why. */
    private static final Map<Pattern, String> EXEMPT = Map.of(
            Pattern.compile(".+\\.equals\\(Object\\)"),
            "null equals nothing",
            Pattern.compile(".+\\.compareTo\\(.+\\)"),
            "Comparable requires a NullPointerException",
            Pattern.compile("[A-Za-z.]+\\.valueOf\\(String\\)"),
            "of an enum, made by the compiler",
            Pattern.compile("(RowReader.read|CopyProgress.reached|PayloadForm.stored|PayloadForm.read)\\(.+"),
            "the application implements it, and the library calls it",
            Pattern.compile("Codec\\..+"),
            "composed statements call it for each value, which was checked",
            Pattern.compile("(new )?(Composed|ComposedSet|ComposedSet.Chunk|ReferenceProbe)[.(].+"),
            "the composed form of a statement, which the package database runs for each row",
            Pattern.compile("new Table\\(.+\\)"),
            "abstract: called through the constructors of tables, and by a test below");

    private final Map<String, Executable> surface = PublicMethods.thatTakeReferences();

    @TempDir
    private Path folder;

    private static boolean isExempt(String signature) {
        return EXEMPT.keySet().stream().anyMatch(each -> each.matcher(signature).matches());
    }

    @Test
    void every_exemption_and_every_row_is_of_a_public_method() {
        assertThat(EXEMPT.keySet())
                .allMatch(each -> surface.keySet().stream()
                        .anyMatch(signature -> each.matcher(signature).matches()));
        assertThat(new BenignCalls(folder).rows())
                .as("the rows of BenignCalls")
                .isSubsetOf(surface.keySet())
                .noneMatch(RefusedNullsTest::isExempt);
    }

    @Test
    @SuppressWarnings("NullAway") // which refuses it where it runs
    void the_constructor_of_a_table_refuses_null() {
        assertThatThrownBy(() -> new Table(null, "a table", Source.DEFINITION) {})
                .hasMessage("the name must not be null");
        assertThatThrownBy(() -> new Table("things", null, Source.DEFINITION) {})
                .hasMessage("the description must not be null");
        assertThatThrownBy(() -> new Table("things", null) {}).hasMessage("the source must not be null");
    }

    @Test
    void a_null_is_refused_before_it_has_an_effect() throws Exception {
        Set<String> codes = CODE.matcher(Files.readString(ERRORS))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
        BenignCalls calls = new BenignCalls(folder);
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<String, Executable> each : surface.entrySet()) {
            if (!isExempt(each.getKey())) {
                tryEachNull(calls, each.getKey(), each.getValue(), codes, wrong);
            }
        }
        assertThat(String.join("\n", wrong)).isEmpty();
    }

    private static void tryEachNull(
            BenignCalls calls, String signature, Executable method, Set<String> codes, List<String> wrong) {
        AnnotatedType[] types = method.getAnnotatedParameterTypes();
        for (int i = 0; i < types.length; i++) {
            Class<?> type = method.getParameterTypes()[i];
            if (type.isPrimitive() || types[i].isAnnotationPresent(Nullable.class)) {
                continue;
            }
            tryNull(calls, signature, method, i, null, codes, wrong);
            if (method.isVarArgs() && i == types.length - 1) {
                tryNull(calls, signature, method, i, Array.newInstance(type.getComponentType(), 1), codes, wrong);
            } else if (type == List.class) {
                tryNull(calls, signature, method, i, Arrays.asList((Object) null), codes, wrong);
            }
        }
    }

    private static void tryNull(
            BenignCalls calls,
            String signature,
            Executable method,
            int index,
            @Nullable Object hostile,
            Set<String> codes,
            List<String> wrong) {
        String where = signature + ", argument " + index + (hostile == null ? "" : " with null in it") + ": ";
        try {
            calls.setting(signature, method).use(prepared -> {
                String problem = problem(prepared, method, index, hostile, codes);
                if (problem != null) {
                    wrong.add(where + problem);
                }
            });
        } catch (Exception | LinkageError e) { // told with the others
            wrong.add(where + "cannot be called: " + e);
        }
    }

    /** Null if all is as it should be. */
    private static @Nullable String problem(
            Prepared prepared, Executable method, int index, @Nullable Object hostile, Set<String> codes)
            throws Exception {
        @Nullable Object[] arguments = Arrays.copyOf(prepared.arguments(), prepared.arguments().length, Object[].class);
        arguments[index] = hostile;
        String before = prepared.state().get();
        Throwable thrown = thrownBy(method, prepared.receiver(), arguments);
        if (!(thrown instanceof CloacinaException refused)
                || !codes.contains(refused.code().replaceFirst("^DATABASE_", ""))
                || !String.valueOf(refused.getMessage()).contains("null")) {
            return thrown == null ? "accepted" : "threw " + thrown;
        }
        if (!refused.code().equals("INVALID_ARGUMENT")) {
            return refused.code().equals("DATABASE_INVALID_VALUE") ? null : "threw " + thrown; // and nothing is stored
        }
        if (!before.equals(prepared.state().get())) {
            return "stored something, and threw " + thrown;
        }
        Throwable afterwards = thrownBy(method, prepared.receiver(), prepared.arguments());
        return afterwards == null ? null : "had an effect, or the table is wrong: without null it throws " + afterwards;
    }

    private static @Nullable Throwable thrownBy(
            Executable method, @Nullable Object receiver, @Nullable Object[] arguments) throws Exception {
        method.setAccessible(true); // also what is declared for subclasses
        try {
            Object made = method instanceof Constructor<?> constructor
                    ? constructor.newInstance(arguments)
                    : ((Method) method).invoke(receiver, arguments);
            if (made instanceof AutoCloseable opened) {
                opened.close();
            }
            return null;
        } catch (InvocationTargetException e) {
            return e.getTargetException();
        }
    }
}
