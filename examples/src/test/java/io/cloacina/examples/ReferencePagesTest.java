package io.cloacina.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloacina.api.ErrorCodes;
import io.cloacina.engine.Engine;
import io.cloacina.engine.EngineBuilder;
import io.cloacina.schema.database.DatabaseUrl;
import io.cloacina.schema.database.ErrorKind;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages of settings and of error codes say what the code says. */
class ReferencePagesTest {
    private static final Path REFERENCE = Path.of("..", "docs", "reference");
    private static final Pattern CODE = Pattern.compile(
            "(?:(?:Exception|super|Arguments\\.\\w+)\\(\\s*|String (?:INVALID(?:_[A-Z]+)*|CODE) = )\"([A-Z]+(?:_[A-Z]+)*)\"");
    private static final Pattern AMOUNT = Pattern.compile("([\\d,]+)(ms|s|m|d)");

    /** The rows of the table under a heading, without the head of the table; the first cell is a name. */
    private static List<List<String>> rows(String page, String after) throws IOException {
        String text = Files.readString(REFERENCE.resolve(page));
        return text.substring(text.indexOf(after))
                .lines()
                .dropWhile(line -> !line.startsWith("|"))
                .takeWhile(line -> line.startsWith("|"))
                .skip(2)
                .map(line -> Arrays.stream(line.split("\\|", -1))
                        .map(String::strip)
                        .skip(1)
                        .toList())
                .toList();
    }

    private static List<String> names(List<List<String>> rows) {
        return rows.stream().map(row -> row.get(0).replace("`", "")).toList();
    }

    @Test
    void every_setting_is_on_its_page() throws IOException {
        Set<String> settings = Arrays.stream(EngineBuilder.class.getMethods())
                .filter(method -> method.getReturnType() == EngineBuilder.class)
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(Stream.concat(
                        names(rows("settings.md", "# Settings")).stream(),
                        names(rows("settings.md", "Without a number")).stream()))
                .containsExactlyInAnyOrderElementsOf(settings);
    }

    @Test
    void defaults_and_ranges_are_those_of_the_code() throws Exception {
        for (List<String> row : rows("settings.md", "# Settings")) {
            String name = row.get(0).replace("`", "");
            Field field = EngineBuilder.class.getDeclaredField(name);
            field.setAccessible(true);
            Object inCode = field.get(Engine.builder("sqlite::memory:"));
            Object onPage = name.equals("slots")
                    ? Math.max(32, 8 * Runtime.getRuntime().availableProcessors())
                    : value(row.get(1), field.getType());
            assertThat(onPage).as(name).isEqualTo(inCode);

            Method setting = EngineBuilder.class.getMethod(name, field.getType());
            setting.invoke(Engine.builder("sqlite::memory:"), value(row.get(2), field.getType()));
            assertRefused(setting, value(row.get(2), field.getType()), -1);
            if (!row.get(3).isEmpty()) {
                setting.invoke(Engine.builder("sqlite::memory:"), value(row.get(3), field.getType()));
                assertRefused(setting, value(row.get(3), field.getType()), 1);
            }
        }
    }

    private static void assertRefused(Method setting, Object value, int beyond) {
        Object refused = value instanceof Duration duration ? duration.plusNanos(beyond) : (Integer) value + beyond;
        assertThatThrownBy(() -> setting.invoke(Engine.builder("sqlite::memory:"), refused))
                .as("%s of %s", setting.getName(), refused)
                .isInstanceOf(InvocationTargetException.class)
                .cause()
                .hasMessageContaining(setting.getName());
    }

    private static Object value(String text, Class<?> type) {
        if (type == int.class) {
            return Integer.valueOf(text.replace(",", ""));
        }
        if (text.equals("never")) {
            return Duration.ofDays(365_000);
        }
        var amount = AMOUNT.matcher(text);
        assertThat(amount.matches()).as(text).isTrue();
        long number = Long.parseLong(amount.group(1).replace(",", ""));
        return switch (amount.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofDays(number);
        };
    }

    @Test
    void settings_of_the_url_have_the_defaults_of_the_page() throws IOException {
        DatabaseUrl.Sqlite sqlite = (DatabaseUrl.Sqlite) DatabaseUrl.parse("sqlite:app.db");
        DatabaseUrl.Postgres postgres = (DatabaseUrl.Postgres) DatabaseUrl.parse("postgresql://me@localhost/app");

        assertThat(rows("settings.md", "## In the URL").stream()
                        .limit(4)
                        .map(row ->
                                row.get(0) + " " + row.get(2).replace("`", "").toLowerCase(Locale.ROOT)))
                .containsExactly(
                        "`synchronous` " + (sqlite.synchronousFull() ? "full" : "normal"),
                        "`busy_timeout` " + sqlite.busyTimeoutMillis(),
                        "`readers` " + sqlite.readers(),
                        "`pool_size` " + postgres.poolSize());
    }

    @Test
    void every_code_is_on_its_page_and_no_other() throws IOException {
        Set<String> codes = new TreeSet<>(constants());
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            for (Path module : modules.filter(folder -> Files.exists(folder.resolve("src/main/java")))
                    .toList()) {
                addCodes(module.resolve("src/main/java"), codes);
            }
        }

        assertThat(names(rows("errors.md", "## `CloacinaException"))).containsExactlyElementsOf(codes);
        assertThat(names(rows("errors.md", "## `DatabaseException")))
                .containsExactlyElementsOf(
                        Arrays.stream(ErrorKind.values()).map(Enum::name).toList());
    }

    @Test
    void a_code_of_the_library_is_a_constant_with_its_name() throws IOException {
        Set<String> literal = new TreeSet<>();
        for (String module :
                List.of("api", "cron", "schema", "engine", "testing", "spring", "micrometer", "opentelemetry")) {
            addCodes(Path.of("..", module, "src", "main", "java"), literal);
        }

        assertThat(literal).as("codes that are not taken from ErrorCodes").isEmpty();
        assertThat(constants()).hasSizeGreaterThan(90);
    }

    private static Set<String> constants() {
        Set<String> codes = new TreeSet<>();
        for (Field constant : ErrorCodes.class.getFields()) {
            try {
                assertThat(constant.get(null)).isEqualTo(constant.getName());
                codes.add(constant.getName());
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }
        return codes;
    }

    private static void addCodes(Path sources, Set<String> codes) throws IOException {
        try (Stream<Path> files = Files.walk(sources)) {
            // Elsewhere in the schema what looks like a code is a type of SQL.
            String ending = sources.startsWith(Path.of("..", "schema")) ? "Exception.java" : ".java";
            for (Path file : files.filter(file -> file.toString().endsWith(ending) && !file.endsWith("ErrorCodes.java"))
                    .toList()) {
                CODE.matcher(Files.readString(file)).results().forEach(found -> codes.add(found.group(1)));
            }
        }
    }
}
