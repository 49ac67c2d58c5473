package io.cloacina.testing.conformance;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The public methods and constructors of a package that take something. */
final class PublicSurface {
    private PublicSurface() {}

    /** Those of the packages of some classes, by {@link #signature}. */
    static Map<String, Executable> of(Class<?>... someOfEach) {
        Map<String, Executable> all = new TreeMap<>();
        for (Class<?> one : someOfEach) {
            for (Class<?> type : publicTypes(one)) {
                Stream.<Executable>concat(
                                Arrays.stream(type.getDeclaredConstructors()), Arrays.stream(type.getDeclaredMethods()))
                        .filter(executable -> Modifier.isPublic(executable.getModifiers()))
                        .filter(executable -> !executable.isSynthetic() && executable.getParameterCount() > 0)
                        .filter(executable -> !isMadeByTheCompiler(executable) && !isOfInterface(executable))
                        .forEach(executable -> all.put(signature(executable), executable));
            }
        }
        return all;
    }

    /** The public types of the packages of some classes. */
    static List<Class<?>> types(Class<?>... someOfEach) {
        return Arrays.stream(someOfEach)
                .flatMap(one -> publicTypes(one).stream())
                .toList();
    }

    /** Such as {@code Engine.submit(String, Map)} and {@code Limit.Builder(int)}, names of classes without packages. */
    static String signature(Executable executable) {
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

    private static boolean isMadeByTheCompiler(Executable executable) {
        return executable.getName().equals("equals")
                || (executable.getDeclaringClass().isEnum()
                        && executable.getName().equals("valueOf"));
    }

    /** One that a public interface beside it declares, which has it in its name. */
    private static boolean isOfInterface(Executable executable) {
        Class<?> type = executable.getDeclaringClass();
        return Arrays.stream(type.getInterfaces())
                .filter(declaring -> declaring.getPackage().equals(type.getPackage()) && isPublic(declaring))
                .flatMap(declaring -> Arrays.stream(declaring.getMethods()))
                .anyMatch(method -> method.getName().equals(executable.getName())
                        && Arrays.equals(method.getParameterTypes(), executable.getParameterTypes()));
    }

    private static List<Class<?>> publicTypes(Class<?> one) {
        try {
            URI place = one.getProtectionDomain().getCodeSource().getLocation().toURI();
            Path path = Path.of(place);
            if (Files.isDirectory(path)) {
                return publicTypes(path.resolve(folder(one)), one);
            }
            try (FileSystem jar = FileSystems.newFileSystem(path)) {
                return publicTypes(jar.getPath("/" + folder(one)), one);
            }
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String folder(Class<?> one) {
        return one.getPackageName().replace('.', '/');
    }

    private static List<Class<?>> publicTypes(Path folder, Class<?> one) throws IOException {
        List<Class<?>> types = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".class") && !name.equals("package-info.class")) {
                    types.add(Class.forName(one.getPackageName() + "." + name.replace(".class", "")));
                }
            }
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
        return types.stream().filter(PublicSurface::isPublic).toList();
    }

    private static boolean isPublic(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return Modifier.isPublic(type.getModifiers())
                && !type.isAnnotation()
                && !type.isAnonymousClass()
                && (outer == null || isPublic(outer));
    }
}
