package io.cloacina.schema.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The methods and constructors that an application can call. */
final class PublicMethods {
    private static final Path MODULE = Path.of("src", "main", "module", "module-info.java");
    private static final Pattern EXPORTED = Pattern.compile("(?m)^ +exports ([\\w.]+);");

    private PublicMethods() {}

    /** Those of the exported packages with a parameter that can be null, by {@link #signature}. */
    static Map<String, Executable> thatTakeReferences() {
        Map<String, Executable> all = new TreeMap<>();
        for (Class<?> type : exportedTypes()) {
            Stream.<Executable>concat(
                            Arrays.stream(type.getDeclaredConstructors()), Arrays.stream(type.getDeclaredMethods()))
                    .filter(executable -> !executable.isSynthetic() && isCallable(executable))
                    .filter(executable ->
                            !Arrays.stream(executable.getParameterTypes()).allMatch(Class::isPrimitive))
                    .forEach(executable -> all.put(signature(executable), executable));
        }
        return all;
    }

    /** Such as {@code Schema.and(Schema)} and {@code new Ddl(Dialect)}, names of classes without packages. */
    private static String signature(Executable executable) {
        String parameters = Arrays.stream(executable.getParameterTypes())
                .map(Class::getSimpleName)
                .collect(Collectors.joining(", ", "(", ")"));
        String type = name(executable.getDeclaringClass());
        return executable instanceof Constructor<?>
                ? "new " + type + parameters
                : type + "." + executable.getName() + parameters;
    }

    private static String name(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return outer == null ? type.getSimpleName() : name(outer) + "." + type.getSimpleName();
    }

    /** Public, or for the subclasses of applications, which only a table has. */
    private static boolean isCallable(Executable executable) {
        boolean isForSubclasses =
                Modifier.isProtected(executable.getModifiers()) && executable.getDeclaringClass() == Table.class;
        return Modifier.isPublic(executable.getModifiers()) || isForSubclasses;
    }

    private static List<Class<?>> exportedTypes() {
        try {
            Path classes = Path.of(Table.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return EXPORTED.matcher(Files.readString(MODULE))
                    .results()
                    .<Class<?>>flatMap(exported -> types(classes, exported))
                    .filter(PublicMethods::isPublic)
                    .toList();
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stream<Class<?>> types(Path classes, MatchResult exported) {
        String name = exported.group(1);
        try (Stream<Path> files = Files.list(classes.resolve(name.replace('.', '/')))) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".class") && !file.equals("package-info.class"))
                    .<Class<?>>map(file -> load(name + "." + file.replace(".class", "")))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isPublic(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return Modifier.isPublic(type.getModifiers()) && !type.isAnonymousClass() && (outer == null || isPublic(outer));
    }
}
