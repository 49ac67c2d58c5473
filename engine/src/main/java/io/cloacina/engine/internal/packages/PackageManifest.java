package io.cloacina.engine.internal.packages;

import io.cloacina.engine.internal.json.ErrorText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The description of a package in the main attributes of its manifest. */
public record PackageManifest(
        String name,
        String version,
        @Nullable String description,
        @Nullable String author,
        List<String> classes) {
    static final String NAME = "Cloacina-Package";
    static final String VERSION = "Cloacina-Version";
    static final String DESCRIPTION = "Cloacina-Description";
    static final String AUTHOR = "Cloacina-Author";
    static final String CLASSES = "Cloacina-Workflows";

    private static final int MAX_NAME = 200;
    private static final int MAX_VERSION = 100;
    private static final int MAX_DESCRIPTION = 2_000;
    private static final int MAX_CLASSES = 1_000;
    private static final int MAX_CLASS = 500;

    /** Users type names and versions, and they are part of URLs and file names. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]*");

    private static final Pattern CLASS =
            Pattern.compile("(?:[\\p{L}_$][\\p{L}\\p{N}_$]*+\\.)*+[\\p{L}_$][\\p{L}\\p{N}_$]*+");

    /**
     * Reads a manifest, and adds the problems that are found.
     *
     * @param entries the files in the jar, by name
     */
    static PackageManifest read(Manifest manifest, Map<String, byte[]> entries, List<String> problems) {
        Attributes main = manifest.getMainAttributes();
        return new PackageManifest(
                plain(main, NAME, "my-workflows", MAX_NAME, problems),
                plain(main, VERSION, "1.0.0", MAX_VERSION, problems),
                text(main, DESCRIPTION, MAX_DESCRIPTION, problems),
                text(main, AUTHOR, MAX_NAME, problems),
                classes(main, entries, problems));
    }

    private static String plain(Attributes main, String attribute, String example, int longest, List<String> problems) {
        String value = text(main, attribute, longest, problems);
        if (value == null) {
            problems.add("its manifest has no " + attribute + ", such as '" + attribute + ": " + example + "'");
            return "";
        }
        if (value.length() <= longest && !PLAIN.matcher(value).matches()) {
            problems.add("the " + attribute + " of its manifest is '" + ErrorText.shown(value)
                    + "'; letters, digits, '.', '_', '+' and '-' are allowed, the first a letter or a digit");
        }
        return value;
    }

    private static @Nullable String text(Attributes main, String attribute, int longest, List<String> problems) {
        String value = main.getValue(attribute);
        if (value == null || value.isBlank()) {
            return null;
        }
        String text = ErrorText.storable(value.strip());
        if (text.length() > longest) {
            problems.add("the " + attribute + " of its manifest has " + text.length() + " characters; at most "
                    + longest + " are allowed");
        }
        return text;
    }

    private static List<String> classes(Attributes main, Map<String, byte[]> entries, List<String> problems) {
        String value = main.getValue(CLASSES);
        if (value == null || value.isBlank()) {
            problems.add("its manifest has no " + CLASSES
                    + ", the names of the classes of its workflows with a space between them");
            return List.of();
        }
        LinkedHashSet<String> classes =
                new LinkedHashSet<>(List.of(value.strip().split("[\\s,]+")));
        if (classes.size() > MAX_CLASSES) {
            problems.add("the " + CLASSES + " of its manifest names " + classes.size() + " classes; at most "
                    + MAX_CLASSES + " are allowed");
            return List.of();
        }
        for (String name : classes) {
            if (name.length() > MAX_CLASS || !CLASS.matcher(name).matches()) {
                problems.add("'" + ErrorText.shown(name) + "' in the " + CLASSES
                        + " of its manifest is not the name of a class");
            } else if (!entries.containsKey(name.replace('.', '/') + ".class")) {
                problems.add("the class " + name + " in the " + CLASSES + " of its manifest is not in it");
            }
        }
        return new ArrayList<>(classes);
    }
}
