package io.cloacina.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.cloacina.api.ExecutionStatus;
import io.cloacina.api.Labeled;
import io.cloacina.api.TaskStatus;
import io.cloacina.engine.internal.store.Stores;
import io.cloacina.schema.sql.Dialect;
import io.cloacina.schema.sql.Statement;
import io.cloacina.schema.sql.Statements;
import io.cloacina.schema.type.Backend;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The two tables of ARCHITECTURE.md about the life of a row have every statement that writes a status and no other,
 * with what it changes and who runs it; and all of them together are the arrows of docs/states.md.
 */
class TransitionsTest {
    private static final Path MAIN = Path.of("src", "main", "java", "io", "cloacina", "engine");
    private static final Path STORES = MAIN.resolve(Path.of("internal", "store"));
    private static final Pattern UPDATE =
            Pattern.compile("UPDATE (\\w+) SET (.*?)(?:\\bWHERE (.*?))?(?:RETURNING .*)?", Pattern.DOTALL);
    private static final Pattern INSERT =
            Pattern.compile("INSERT INTO (\\w+) \\(([\\w, ]+)\\) VALUES \\((.*)\\)(?: RETURNING .*)?", Pattern.DOTALL);
    private static final Pattern WRITTEN = Pattern.compile("\\bstatus = (\\?|'\\w+')");
    private static final Pattern GUARD = Pattern.compile("\\bstatus\\)? (?:= ('\\w+')|IN \\(([^)?]*)\\))");
    private static final Pattern NAME = Pattern.compile("`(?:\\w+/)?([\\w.]+)`");
    private static final String PARAMETER = "?";

    /**
     * What a statement does to a status, as its text says it.
     *
     * @param from the states that it changes; empty for an insert, null if it asks for none
     * @param to the state that it writes; {@link #PARAMETER} if that is a parameter
     */
    private record Change(@Nullable Set<String> from, String to) {}

    /** A statement with its row in the table. */
    private record Entry(Set<String> from, Set<String> to, Set<String> classes) {}

    @Test
    void the_table_of_tasks_is_what_the_statements_do() throws IOException {
        Map<String, Entry> table = table("**The life of a task's row**");
        Map<String, Change> changes = changes("task_executions");

        check(table, changes, states(TaskStatus.values()));
        changes.forEach((statement, change) -> {
            if (change.from != null) {
                assertThat(of(table, statement).from).as("from, %s", statement).isEqualTo(change.from);
            }
        });
        assertThat(arrows(table)).isEqualTo(arrows(0));
    }

    /** Some guards let more pass than happens: an execution whose tasks have ended has started. */
    @Test
    void the_table_of_executions_is_what_the_statements_do() throws IOException {
        Map<String, Entry> table = table("**The life of an execution's row**");
        Map<String, Change> changes = changes("pipeline_executions");

        check(table, changes, states(ExecutionStatus.values()));
        changes.forEach((statement, change) -> {
            if (change.from != null) {
                assertThat(change.from).as("from, %s", statement).containsAll(of(table, statement).from);
            }
        });
        assertThat(arrows(table)).isEqualTo(arrows(1));
    }

    private static void check(Map<String, Entry> table, Map<String, Change> changes, Set<String> states)
            throws IOException {
        assertThat(table.keySet()).isEqualTo(changes.keySet());
        Map<String, Set<String>> users = users(table.keySet());
        table.forEach((statement, entry) -> {
            assertThat(states).as(statement).containsAll(entry.from).containsAll(entry.to);
            String to = of(changes, statement).to;
            if (!to.equals(PARAMETER)) {
                assertThat(entry.to).as("to, %s", statement).containsExactly(to);
            }
        });
        // A row has a few statements and a few classes: together they must fit.
        Map<Entry, Set<String>> ofRows = new HashMap<>();
        table.forEach((statement, entry) ->
                ofRows.computeIfAbsent(entry, row -> new TreeSet<>()).addAll(of(users, statement)));
        ofRows.forEach(
                (entry, classes) -> assertThat(entry.classes).as("%s", entry).isEqualTo(classes));
    }

    private static <V> V of(Map<String, V> all, String statement) {
        return Objects.requireNonNull(all.get(statement), statement);
    }

    /** What the statements of all stores do to the status in a table, by the constants that hold them. */
    private static Map<String, Change> changes(String table) throws IOException {
        Map<Statement<?, ?>, String> constants = constants();
        Map<String, Change> changes = new TreeMap<>();
        for (Statements catalog : Stores.STATEMENTS) {
            for (Statement<?, ?> statement : catalog.all()) {
                Set<Change> onEach = Arrays.stream(Backend.values())
                        .flatMap(backend -> Stream.ofNullable(
                                change(statement.composed(Dialect.of(backend)).sql(), table)))
                        .collect(Collectors.toSet());
                assertThat(onEach).as("%s, on both databases", statement).hasSizeLessThan(2);
                onEach.forEach(change -> changes.put(constants.getOrDefault(statement, statement.name()), change));
            }
        }
        return changes;
    }

    private static @Nullable Change change(String sql, String table) {
        Matcher insert = INSERT.matcher(sql);
        if (insert.matches()) {
            int column = List.of(insert.group(2).split(", ", -1)).indexOf("status");
            return insert.group(1).equals(table) && column >= 0
                    ? new Change(Set.of(), label(insert.group(3).split(", ", -1)[column]))
                    : null;
        }
        Matcher update = UPDATE.matcher(sql);
        if (update.matches()) {
            Matcher written = WRITTEN.matcher(update.group(2));
            return update.group(1).equals(table) && written.find()
                    ? new Change(guard(update.group(3)), label(written.group(1)))
                    : null;
        }
        assertThat(sql)
                .as("a change in another form: teach this test to read it")
                .doesNotContain("INTO " + table);
        assertThat(sql)
                .as("a change in another form: teach this test to read it")
                .doesNotContain("UPDATE " + table);
        return null;
    }

    private static @Nullable Set<String> guard(String where) {
        Matcher guard = GUARD.matcher(where);
        if (!guard.find()) {
            return null;
        }
        String states = guard.group(1) != null ? guard.group(1) : guard.group(2);
        return Stream.of(states.split(", ", -1))
                .map(TransitionsTest::label)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String label(String literal) {
        return literal.replace("'", "");
    }

    private static Map<Statement<?, ?>, String> constants() throws IOException {
        Map<Statement<?, ?>, String> constants = new HashMap<>();
        for (Path file : files(STORES)) {
            String name = file.getFileName().toString().replace(".java", "");
            if (name.equals("package-info")) {
                continue;
            }
            try {
                for (Field field : Class.forName(Stores.class.getPackageName() + "." + name)
                        .getFields()) {
                    if (Modifier.isStatic(field.getModifiers())
                            && field.get(null) instanceof Statement<?, ?> statement) {
                        constants.put(statement, name + "." + field.getName());
                    }
                }
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        }
        return constants;
    }

    /** The classes that mention each statement. */
    private static Map<String, Set<String>> users(Set<String> statements) throws IOException {
        Map<String, Set<String>> users = new TreeMap<>();
        statements.forEach(statement -> users.put(statement, new TreeSet<>()));
        for (Path file : files(MAIN)) {
            if (file.startsWith(STORES)) {
                continue;
            }
            String text = Files.readString(file);
            for (String statement : statements) {
                if (Pattern.compile("\\b" + statement.replace(".", "\\.") + "\\b")
                        .matcher(text)
                        .find()) {
                    of(users, statement).add(file.getFileName().toString().replace(".java", ""));
                }
            }
        }
        return users;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    private static Map<String, Entry> table(String heading) throws IOException {
        String text = Files.readString(Path.of("..", "ARCHITECTURE.md"));
        List<String> lines = text.substring(text.indexOf(heading)).lines().toList();
        Map<String, Entry> table = new TreeMap<>();
        lines.stream()
                .dropWhile(line -> !line.startsWith("|---"))
                .skip(1)
                .takeWhile(line -> line.startsWith("|"))
                .forEach(line -> {
                    String[] cells = line.split("\\|", -1);
                    String[] states = cells[1].split("→", -1);
                    Entry entry = new Entry(labels(states[0]), labels(states[1]), names(cells[3]));
                    names(cells[2])
                            .forEach(statement -> assertThat(table.put(statement, entry))
                                    .as("%s is in one row", statement)
                                    .isNull());
                });
        return table;
    }

    private static Set<String> labels(String cell) {
        return Stream.of(cell.split(",", -1))
                .map(String::strip)
                .filter(label -> !label.equals("(none)"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> names(String cell) {
        return NAME.matcher(cell)
                .results()
                .map(MatchResult::group)
                .map(name -> NAME.matcher(name).replaceAll("$1"))
                .filter(name -> Character.isUpperCase(name.charAt(0)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> arrows(Map<String, Entry> table) {
        Set<String> arrows = new TreeSet<>();
        for (Entry entry : table.values()) {
            for (String to : entry.to) {
                Set<String> from = entry.from.isEmpty() ? Set.of("[*]") : entry.from;
                from.stream().filter(state -> !state.equals(to)).forEach(state -> arrows.add(state + " --> " + to));
            }
        }
        return arrows;
    }

    private static Set<String> arrows(int diagram) throws IOException {
        return StatesTest.arrows(diagram).stream()
                .filter(arrow -> !arrow.to().equals("[*]"))
                .map(arrow -> arrow.from() + " --> " + arrow.to())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> states(Labeled... states) {
        return Stream.of(states).map(Labeled::label).collect(Collectors.toSet());
    }
}
