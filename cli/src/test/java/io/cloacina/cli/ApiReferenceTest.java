package io.cloacina.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page that lists what users of the library write against, made of the first sentences of its documentation. */
class ApiReferenceTest {
    private static final Path ROOT = Path.of("..");
    private static final Path DOCUMENT = ROOT.resolve("docs/reference/api.md");

    /** The public type of a source, with the comment before it. */
    private static final Pattern TYPE = Pattern.compile(
            "\\n/\\*\\*((?:[^*]++|\\*(?!/))*)\\*/\\n(?:@[^\\n]*\\n)*public (?:abstract |final |sealed |non-sealed )*"
                    + "(class|record|interface|enum|@interface) (\\w+)");

    private static final Map<String, String> PACKAGES = new LinkedHashMap<>();

    static {
        PACKAGES.put("api/src/main/java/io/cloacina/api", "Writing workflows (`cloacina-api`)");
        PACKAGES.put("api/src/main/java/io/cloacina/api/annotation", "Writing workflows as classes (`cloacina-api`)");
        PACKAGES.put("engine/src/main/java/io/cloacina/engine", "Running workflows (`cloacina-engine`)");
        PACKAGES.put("engine/src/main/java/io/cloacina/engine/model", "Data types of the engine (`cloacina-engine`)");
        PACKAGES.put("testing/src/main/java/io/cloacina/testing", "Testing workflows (`cloacina-testing`)");
        PACKAGES.put("server/src/main/java/io/cloacina/server", "The web page and the HTTP API (`cloacina-server`)");
        PACKAGES.put("server/src/main/java/io/cloacina/server/access", "Authentication and roles (`cloacina-server`)");
        PACKAGES.put("spring/src/main/java/io/cloacina/spring", "In Spring Boot (`cloacina-spring`)");
        PACKAGES.put(
                "spring-boot-test/src/main/java/io/cloacina/spring/test",
                "In tests of Spring Boot (`cloacina-spring-boot-test`)");
        PACKAGES.put("cron/src/main/java/io/cloacina/cron", "Cron expressions (`cloacina-cron`)");
        PACKAGES.put("schema/src/main/java/io/cloacina/schema/database", "Databases (`cloacina-schema`)");
        PACKAGES.put("schema/src/main/java/io/cloacina/schema/sql", "Tables and statements (`cloacina-schema`)");
        PACKAGES.put("schema/src/main/java/io/cloacina/schema/type", "Universal types (`cloacina-schema`)");
        PACKAGES.put("schema/src/main/java/io/cloacina/schema/migration", "Migrations (`cloacina-schema`)");
        PACKAGES.put("schema/src/main/java/io/cloacina/schema/tables", "The tables and their sets (`cloacina-schema`)");
        PACKAGES.put(
                "schema/src/main/java/io/cloacina/schema/catalog", "Catalogs and the drift check (`cloacina-schema`)");
        PACKAGES.put("schema/src/main/java/io/cloacina/schema/copy", "Copying a database (`cloacina-schema`)");
    }

    @Test
    void the_document_is_what_the_sources_say() throws IOException {
        String expected = markdown();
        if (Boolean.getBoolean("update.docs")) {
            Files.writeString(DOCUMENT, expected);
        }

        assertThat(Files.readString(DOCUMENT))
                .as("docs/reference/api.md; write it anew with -Dtest=ApiReferenceTest -Dupdate.docs=true")
                .isEqualTo(expected);
    }

    private static String markdown() throws IOException {
        StringBuilder page = new StringBuilder("""
                # API reference

                The public types, with what each is for. Every public type and method says more in its Javadoc: shapes, units, errors,
                thread safety. `mvn -B javadoc:aggregate -Dchecks.skip -DskipTests` writes it to `target/reports/apidocs`.

                Where to begin: `WorkflowDefinition` or the annotation `Workflow`, then `Engine`; in tests `TestEngine`.
                """);
        for (Map.Entry<String, String> each : PACKAGES.entrySet()) {
            Path folder = ROOT.resolve(each.getKey());
            if (Files.isDirectory(folder)) {
                page.append("\n## ").append(each.getValue()).append("\n\n| type | |\n|---|---|\n");
                types(folder).forEach(page::append);
            }
        }
        return page.toString();
    }

    private static List<String> types(Path folder) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                    .sorted()
                    .toList()) {
                Matcher type = TYPE.matcher(Files.readString(file));
                if (type.find()) {
                    String link = "../../" + ROOT.relativize(file).toString().replace('\\', '/');
                    String kind = type.group(2).equals("@interface") ? "@" : "";
                    lines.add("| [`" + kind + type.group(3) + "`](" + link + ") | " + firstSentence(type.group(1))
                            + " |\n");
                }
            }
        }
        return lines;
    }

    private static String firstSentence(String comment) {
        String text = comment.replaceAll("\\n \\*", "\n")
                .replaceAll("\\{@linkplain\\s+[^\\s(]+(?:\\([^)]*\\))?\\s+([^}]*)}", "$1")
                .replaceAll("\\{@(?:link|linkplain|code|value)\\s+#?((?:[^{}]|\\{[^{}]*})*)}", "`$1`")
                .replaceAll("(?s)<(?:p|pre)>.*", "")
                .replaceAll("\\s+", " ")
                .replace("|", "\\|")
                .strip();
        Matcher end = Pattern.compile("\\.(?= |$)").matcher(text);
        return end.find() ? text.substring(0, end.end()) : text;
    }
}
