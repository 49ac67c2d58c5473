package io.cloacina.schema.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Lines of Java that are compiled as the body of a method, one of them in a wrong and in a right form. */
final class Snippet {
    private static final String PLACE = "$LINE";
    private static final String HEAD = """
            import io.cloacina.api.*;
            import io.cloacina.schema.database.*;
            import io.cloacina.schema.sql.*;
            import io.cloacina.schema.tables.*;
            import io.cloacina.schema.type.*;
            import java.util.List;
            final class Written {
                record Argument(UniversalUuid id, String name, TaskStatus status, UniversalTimestamp at, int number) {}
                static final Statements STATEMENTS = new Statements("written");
                static void body(ReadTransaction reading, WriteTransaction writing) {
            """;
    private static final String TAIL = "\n}}";

    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();
    // Kept, with the class path that it has read.
    private static final JavaFileManager FILES = COMPILER.getStandardFileManager(null, null, null);

    private final String body;

    /** {@code body} has {@code $LINE} where the line goes. */
    Snippet(String body) {
        assertThat(body).containsOnlyOnce(PLACE);
        this.body = body;
    }

    /** A select from {@code task_executions t}, without more. */
    static Snippet inSelect() {
        return new Snippet("""
                Select<Argument, Boolean> select = STATEMENTS.select("select", q -> {
                    var t = q.from(TaskExecutions::new);
                    $LINE
                    return row -> true;
                });""");
    }

    /** What the reader of a select from {@code task_executions t} with its runner, if any, as {@code runner}. */
    static Snippet inReader() {
        return new Snippet("""
                Select<Argument, Boolean> select = STATEMENTS.select("select", q -> {
                    var t = q.from(TaskExecutions::new);
                    var runner = q.leftJoin(t.runner);
                    return row -> {
                        $LINE
                        return true;
                    };
                });""");
    }

    /** An update of {@code task_executions t}. */
    static Snippet inUpdate() {
        return new Snippet("""
                Command<Argument> update = STATEMENTS.update("update", u -> {
                    var t = u.table(TaskExecutions::new);
                    $LINE
                    u.where(t.id.eq(u.arg(Argument::id)));
                });""");
    }

    /** The wrong line is the one error, and says why; beside it the right line compiles. */
    void refuses(String wrong, String because, String right) {
        assertThat(compile(right)).as("errors of the right line: %s", right).isEmpty();
        assertThat(compile(wrong))
                .as("errors of the wrong line: %s", wrong)
                .singleElement()
                .satisfies(error -> {
                    assertThat(error.getLineNumber()).isEqualTo(lineNumber());
                    assertThat(error.getMessage(Locale.ROOT)).contains(because);
                });
    }

    private long lineNumber() {
        return (HEAD + body.substring(0, body.indexOf(PLACE)) + PLACE).lines().count();
    }

    private List<? extends Diagnostic<?>> compile(String line) {
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        String source = HEAD + body.replace(PLACE, line) + TAIL;
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///Written.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        List<String> options = List.of("-proc:none", "-classpath", System.getProperty("java.class.path"));
        JavacTask task = (JavacTask) COMPILER.getTask(null, FILES, problems, options, null, List.of(file));
        try {
            task.analyze();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return problems.getDiagnostics().stream()
                .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
                .toList();
    }
}
