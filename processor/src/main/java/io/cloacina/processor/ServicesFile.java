package io.cloacina.processor;

import io.cloacina.api.WorkflowProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.annotation.processing.Filer;
import javax.lang.model.util.Elements;
import javax.tools.StandardLocation;

/**
 * The list of providers that {@link java.util.ServiceLoader} reads. An incremental build compiles some classes only, so what stands
 * there of the others is kept while they exist. For that a line says, as a comment, of which class its definition is: {@code
 * weather.SeattleWeatherDefinition # weather.SeattleWeather}. A line without it was written by hand.
 */
final class ServicesFile {
    private static final String PATH = "META-INF/services/" + WorkflowProvider.class.getName();

    private final Filer filer;
    private final Elements elements;
    /** The definition, and the class that it is of. */
    private final Map<String, String> generated = new HashMap<>();
    /** Classes that this compilation judges anew, by their binary names. */
    private final Set<String> compiled = new HashSet<>();

    ServicesFile(Filer filer, Elements elements) {
        this.filer = filer;
        this.elements = elements;
    }

    void compiles(String type) {
        compiled.add(type);
    }

    void add(String definition, String type) {
        generated.put(definition, type);
    }

    void write() throws IOException {
        String before = read();
        TreeMap<String, String> lines = new TreeMap<>();
        before.lines().map(String::strip).filter(this::isKept).forEach(line -> lines.put(provider(line), line));
        generated.forEach((definition, type) -> lines.put(definition, definition + " # " + type));
        String after = lines.isEmpty() ? "" : String.join("\n", lines.values()) + "\n";
        if (!after.equals(before)) {
            try (Writer writer = filer.createResource(StandardLocation.CLASS_OUTPUT, "", PATH)
                    .openWriter()) {
                writer.write(after);
            }
        }
    }

    private String read() {
        try (InputStream old =
                filer.getResource(StandardLocation.CLASS_OUTPUT, "", PATH).openInputStream()) {
            return new String(old.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException | RuntimeException e) {
            return ""; // the first build; some file managers say so with an unchecked exception
        }
    }

    private boolean isKept(String line) {
        String provider = provider(line);
        int comment = line.indexOf('#');
        if (provider.isEmpty() || !exists(provider)) {
            return false;
        }
        String type = comment < 0 ? "" : line.substring(comment + 1).strip();
        return type.isEmpty() || (!compiled.contains(type) && exists(type));
    }

    private static String provider(String line) {
        return line.split("#", 2)[0].strip();
    }

    /** The output need not be on the class path, so it is asked as well. */
    private boolean exists(String binaryName) {
        if (elements.getTypeElement(binaryName.replace('$', '.')) != null) {
            return true;
        }
        int dot = binaryName.lastIndexOf('.');
        String in = dot < 0 ? "" : binaryName.substring(0, dot);
        try (InputStream file = filer.getResource(
                        StandardLocation.CLASS_OUTPUT, in, binaryName.substring(dot + 1) + ".class")
                .openInputStream()) {
            return file.read() >= 0;
        } catch (IOException | RuntimeException e) {
            return false; // as in read
        }
    }
}
